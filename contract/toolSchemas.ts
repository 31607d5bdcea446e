import * as z from "zod";
import * as answers from "./toolData.js";
import * as tools from "./tools.js";

/** A tool as callers see it. */
export interface ToolDefinition {
  /** What the tool does and when to use it, for people and for language models. */
  readonly description: string;
  /** `data` of a successful answer. */
  readonly data: z.ZodObject;
}

/** The tools of the function: the one source of `vep schema`, of the agent gateway, of the HTTP API and of the documentation. */
export const TOOLS: Readonly<Record<tools.ToolName, ToolDefinition>> = {
  invoke_endpoint: {
    description:
      "Submits one protein and answers at once with the id of its job. Scores every substitution at every position, or only the variants and positions that you name. The same request is the same job, and a finished one is answered from storage. Read the result with get_results.",
    data: answers.invokeEndpointData,
  },
  get_results: {
    description:
      "Reads the state of a job and, once it is completed, its result: a summary of best and worst variants, or the whole matrix. The score is the log-likelihood ratio (llr) of the mutant to the wild type: below 0, less likely than the wild type; above 0, likelier.",
    data: answers.getResultsData,
  },
  list_jobs: {
    description: "Lists jobs, newest first, by status or by the tags of their submissions.",
    data: answers.listJobsData,
  },
  cancel_job: {
    description: "Cancels a job that has not ended: its result will not be reported.",
    data: answers.cancelJobData,
  },
  submit_fasta: {
    description:
      "Submits a whole FASTA file, one job a record, or says how far it is. Needs a stack with fastaDrop. Send the text, or the address of a file in the bucket.",
    data: answers.submitFastaData,
  },
};

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A tool with its schemas, as `vep schema` prints it. */
export interface ToolSchema {
  readonly name: tools.ToolName;
  readonly description: string;
  /** JSON Schema (draft 2020-12) of the arguments. */
  readonly inputSchema: JsonSchema;
  /** JSON Schema of the answer, whether the tool succeeded or failed. */
  readonly outputSchema: JsonSchema;
}

/** The tools with their schemas, in the order of `TOOL_NAMES`. */
export function toolSchemas(): ToolSchema[] {
  return tools.TOOL_NAMES.map((name) => {
    const { description, data } = TOOLS[name];
    return {
      name,
      description,
      inputSchema: schemaOf(tools.TOOL_INPUTS[name], "input"),
      outputSchema: schemaOf(answerOf(data), "output"),
    };
  });
}

/**
 * The answer of a tool as one object, because protocols for tools take no union: `data` of a success, or code, faults and
 * facts of a failure.
 */
function answerOf(data: z.ZodObject): z.ZodObject {
  const { message, timestamp } = answers.toolFailure.shape;
  const failure = answers.toolFailure.omit({ success: true, message: true, timestamp: true }).partial();
  return z.object({
    success: z.boolean().describe("whether the tool succeeded: then there is data, else error_code"),
    message: message.describe("a sentence for people; of a failure, the first fault and its fix"),
    timestamp,
    data: data.exactOptional(),
    ...failure.shape,
  });
}

/**
 * The JSON Schema of a zod schema, by zod itself.
 *
 * @param io whether a caller sends the value (`input`: fields with defaults are optional) or gets it
 * @param target `openapi-3.0` for documents that take no newer JSON Schema
 */
export function schemaOf(
  schema: z.ZodType,
  io: "input" | "output",
  target: "draft-2020-12" | "openapi-3.0" = "draft-2020-12",
): JsonSchema {
  const made: Record<string, unknown> = z.toJSONSchema(schema, {
    io,
    target,
    override: ({ jsonSchema }) => {
      // Lists are read-only for TypeScript alone, and every integer of JavaScript has these limits.
      delete jsonSchema.readOnly;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      // Answers grow: a client that refuses new fields would break.
      if (io === "output" && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  delete made["$schema"];
  return made;
}
