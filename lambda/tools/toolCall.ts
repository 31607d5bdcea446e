import type { Context } from "aws-lambda";
import { ToolError } from "../../contract/errors.js";
import { nearest } from "../../contract/nearest.js";
import { TOOL_NAMES, type ToolName } from "../../contract/tools.js";

/** Which tool a call wants, and with what. */
export interface ToolCall {
  readonly tool: ToolName;
  /** The event without the tool's name. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Whether the event itself named the tool: such callers read the whole answer, gateways pass it to a model. */
  readonly namedInEvent: boolean;
}

/** Key of the client context under which an AgentCore gateway names the tool. */
const GATEWAY_KEY = "bedrockagentcoretoolname";

/** Joins target and tool in a gateway's tool names: `target___tool`. */
const TARGET_SEPARATOR = "___";

/**
 * Finds out which tool is called: `event.tool_name`, else `bedrockAgentCoreToolName` in the client context's `custom`
 * map (any case), without the gateway's `target___` prefix.
 *
 * @throws ToolError `UNKNOWN_TOOL`, or `INVALID_INPUT` where the event is no object
 */
export function readCall(event: unknown, context: Pick<Context, "clientContext">): ToolCall {
  if (!isRecord(event)) {
    throw new ToolError(
      "INVALID_INPUT",
      `The event is ${event === null ? "null" : Array.isArray(event) ? "a list" : typeof event}; send a JSON object of arguments.`,
    );
  }
  const { tool_name: named, ...input } = event;
  const namedInEvent = named !== undefined;
  return { tool: checkTool(namedInEvent ? named : toolFromContext(context)), input, namedInEvent };
}

function toolFromContext({ clientContext }: Pick<Context, "clientContext">): unknown {
  // Node's types say `Custom`, the wire says `custom`: both are looked up without regard to case.
  const custom = lookUp(clientContext, "custom");
  const name = lookUp(custom, GATEWAY_KEY);
  return typeof name === "string" ? name.split(TARGET_SEPARATOR).at(-1)?.replace(/^_+/, "") : name;
}

function lookUp(map: unknown, lowerCaseKey: string): unknown {
  if (!isRecord(map)) return undefined;
  return Object.entries(map).find(([key]) => key.toLowerCase() === lowerCaseKey)?.[1];
}

function checkTool(name: unknown): ToolName {
  const known = TOOL_NAMES.find((tool) => tool === name);
  if (known) return known;
  const list = TOOL_NAMES.join(" or ");
  if (typeof name !== "string" || name === "") {
    throw new ToolError("UNKNOWN_TOOL", `The call names no tool; set tool_name to ${list}.`);
  }
  const near = nearest(name, TOOL_NAMES);
  throw new ToolError("UNKNOWN_TOOL", `There is no tool '${name.slice(0, 64)}'; set tool_name to ${near ?? list}.`, {
    details: { tools: TOOL_NAMES },
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
