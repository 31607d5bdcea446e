import type { KinesisStreamRecord } from "aws-lambda";
import { InputError } from "../../contract/errors.js";
import { readSubmission } from "../shared/submissionInput.js";
import type { Submission } from "../shared/submitJob.js";

const SHAPE = 'a record is one JSON object with the input of invoke_endpoint, such as {"sequence": "MKT"}';

/**
 * Reads a record of the stream: the input of `invoke_endpoint`, as JSON in UTF-8.
 *
 * @throws InputError if it can never be a job
 */
export function readRecord({ kinesis }: KinesisStreamRecord): Submission {
  const content = parsed(textOf(Buffer.from(kinesis.data, "base64")));
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    const found = Array.isArray(content) ? "a list" : content === null ? "null" : `a ${typeof content}`;
    throw new InputError("INVALID_INPUT", `The record is ${found}; ${SHAPE}.`);
  }
  return readSubmission(content as Readonly<Record<string, unknown>>);
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InputError("NOT_TEXT", `The record of ${bytes.length} bytes is not UTF-8 text; ${SHAPE}.`);
  }
}

/** The message of the parser is left out: it repeats the text, which can be a sequence. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError("INVALID_INPUT", `The record of ${text.length} characters is not JSON; ${SHAPE}.`);
  }
}
