import { ToolError } from "../../contract/errors.js";

/**
 * Reads the text of a file of a workflow as JSON.
 *
 * @param key of the file, for the message
 * @throws ToolError `RESULT_UNREADABLE` if it is damaged
 */
export function parseStored(text: string, key: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not the parser's message: it quotes the text, which has residues, and the history of an execution keeps errors.
    throw new ToolError("RESULT_UNREADABLE", `A file of the workflow is not JSON: ${key}.`);
  }
}
