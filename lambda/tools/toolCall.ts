import type { Context } from "aws-lambda";
import * as z from "zod";
import { quoted, ToolError } from "../../contract/errors.js";
import { nearest } from "../../contract/nearest.js";
import { TOOL_NAMES, type ToolName } from "../../contract/tools.js";

/** A call of a tool. */
export interface ToolCall {
  readonly tool: ToolName;
  /** The event without the tool's name. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Whether the event named the tool. Such a caller is a program; a gateway passes the answer to a language model. */
  readonly namedInEvent: boolean;
}

const record = z.record(z.string(), z.unknown());

/** Key, in lower case, of the client context with which an AgentCore gateway names the tool. */
const GATEWAY_KEY = "bedrockagentcoretoolname";

/** Separator in a gateway's tool names: `target___tool`. */
const TARGET_SEPARATOR = "___";

/**
 * Reads which tool is called: `event.tool_name`, or else `bedrockAgentCoreToolName` in the client context's `custom` map
 * (in any case), without the gateway's `target___` prefix.
 *
 * @throws ToolError `UNKNOWN_TOOL`, or `INVALID_INPUT` if the event is not an object
 */
export function readCall(event: unknown, context: Pick<Context, "clientContext">): ToolCall {
  const read = record.safeParse(event);
  if (!read.success) {
    throw new ToolError(
      "INVALID_INPUT",
      `The event is ${event === null ? "null" : Array.isArray(event) ? "a list" : typeof event}; send a JSON object of arguments.`,
    );
  }
  const { tool_name: named, ...input } = read.data;
  const namedInEvent = named !== undefined;
  return { tool: checkTool(namedInEvent ? named : toolFromContext(context)), input, namedInEvent };
}

function toolFromContext({ clientContext }: Pick<Context, "clientContext">): unknown {
  // AWS sends `custom`, the Node.js types have `Custom`: the key is found in any case.
  const custom = lookUp(clientContext, "custom");
  const name = lookUp(custom, GATEWAY_KEY);
  return typeof name === "string" ? name.split(TARGET_SEPARATOR).at(-1)?.replace(/^_+/, "") : name;
}

function lookUp(map: unknown, lowerCaseKey: string): unknown {
  const { data = {} } = record.safeParse(map);
  return Object.entries(data).find(([key]) => key.toLowerCase() === lowerCaseKey)?.[1];
}

function checkTool(name: unknown): ToolName {
  const known = TOOL_NAMES.find((tool) => tool === name);
  if (known) return known;
  const list = TOOL_NAMES.join(" or ");
  if (typeof name !== "string" || name === "") {
    throw new ToolError("UNKNOWN_TOOL", `The call names no tool; set tool_name to ${list}.`);
  }
  const near = nearest(name, TOOL_NAMES);
  throw new ToolError("UNKNOWN_TOOL", `There is no tool ${quoted(name)}; set tool_name to ${near ?? list}.`, {
    details: { tools: TOOL_NAMES },
  });
}
