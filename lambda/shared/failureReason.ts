import * as z from "zod";
import { INVOCATION_TIMEOUT_SECONDS } from "../../contract/limits.js";

/** The longest reason that is kept, in characters. */
const LONGEST_REASON = 1_000;

/** The container's error body. */
const containerError = z.looseObject({ error_code: z.string(), message: z.string().min(1) });

/** What is said where a failure object holds nothing: SageMaker documents none for time-outs and lost instances. */
const NO_REASON =
  `The model gave no reason: it took longer than ${INVOCATION_TIMEOUT_SECONDS} s, or its instance was lost. Submit ` +
  "again; the endpoint's log may have more.";

// eslint-disable-next-line no-control-regex -- they would garble a terminal
const CONTROL = /[\u0000-\u001f\u007f\ufffd]+/g;

/**
 * The model's own reason from a failure object: the container's error body, or whatever text lies there.
 *
 * @param text the object's content, which may be empty, no JSON, or no text at all
 */
export function failureReason(text: string): string {
  const parsed = containerError.safeParse(asJson(text));
  const reason = parsed.success ? `${parsed.data.error_code}: ${parsed.data.message}` : text;
  const readable = reason.replace(CONTROL, " ").trim();
  return readable === "" ? NO_REASON : readable.slice(0, LONGEST_REASON);
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Anything may stand in a failure object: text that is no JSON is a reason too.
    return undefined;
  }
}
