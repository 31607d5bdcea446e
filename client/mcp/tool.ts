import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
import type {
  CallToolResult,
  ServerNotification,
  ServerRequest,
  ToolAnnotations,
} from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";
import { FaultList, readArguments } from "../../contract/arguments.js";
import { InputError, type ErrorCode, type Fault } from "../../contract/errors.js";
import { schemaOf } from "../../contract/toolSchemas.js";
import { ToolCallError, ToolsUnavailableError } from "../tools.js";

/** What the protocol passes to a tool beside its arguments. */
export type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** A tool as clients see it. */
export interface ToolDescription<Shape extends z.ZodRawShape> {
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodObject<Shape>;
  readonly output: z.ZodRawShape;
  readonly annotations: ToolAnnotations;
  readonly _meta?: Record<string, unknown>;
}

/**
 * Adds a tool. Its arguments are read as the tools' function reads them, so that one fault has the same words everywhere;
 * an error of the input or of the service becomes an answer that says what is wrong.
 */
export function addTool<Shape extends z.ZodRawShape>(
  server: McpServer,
  name: string,
  { input, output, ...described }: ToolDescription<Shape>,
  run: (given: z.output<z.ZodObject<Shape>>, extra: Extra) => Promise<CallToolResult>,
): void {
  // The SDK would refuse arguments in the words of zod: it gets a schema that lists everything and refuses nothing.
  const inputSchema = z.looseObject({}).meta(schemaOf(input, "input"));
  server.registerTool(name, { ...described, inputSchema, outputSchema: output }, async (given, extra) => {
    try {
      return await run(readAll(input, given), extra);
    } catch (error) {
      return refusalOf(error);
    }
  });
}

function readAll<Shape extends z.ZodRawShape>(
  input: z.ZodObject<Shape>,
  given: Readonly<Record<string, unknown>>,
): z.output<z.ZodObject<Shape>> {
  const faults = new FaultList();
  const read = readArguments(input, given, faults);
  faults.throwIfAny();
  // Without a fault, no argument is missing.
  return read as z.output<z.ZodObject<Shape>>;
}

/** @throws the error, if it is none of the input or of the service */
function refusalOf(error: unknown): CallToolResult {
  if (error instanceof InputError || error instanceof ToolCallError) return refused(wordsOf(error));
  if (error instanceof ToolsUnavailableError) return refused(error.message);
  throw error;
}

interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly faults: readonly Fault[];
}

/** Every fault, one in a line: an agent fixes them all before it calls again. */
function wordsOf({ code, message, faults }: Refusal): string {
  const all = faults.length > 1 ? faults : [{ error_code: code, message }];
  return all.map((fault) => `${fault.error_code}: ${fault.message}`).join("\n");
}

function refused(text: string): CallToolResult {
  return { isError: true, content: [{ type: "text", text: inOwnWords(text) }] };
}

/** A text of the tools' function, in the names of this server. */
export function inOwnWords(text: string): string {
  return text
    .replaceAll("invoke_endpoint", "predict_variant_effects")
    .replaceAll("or detail full", "or read the linked matrix");
}
