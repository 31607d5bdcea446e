import * as z from "zod";
import { INVOCATION_TIMEOUT_SECONDS } from "../../contract/limits.js";

/** Most characters of a reason. */
const LONGEST_REASON = 1_000;

/** The container's error body. */
const containerError = z.looseObject({ error_code: z.string(), message: z.string().min(1) });

/** The reason for an empty failure object: SageMaker documents no content for time-outs and lost instances. */
const NO_REASON =
  `The model gave no reason: it took longer than ${INVOCATION_TIMEOUT_SECONDS} s, or its instance was lost. Submit ` +
  "again; the endpoint's log may have more.";

// eslint-disable-next-line no-control-regex -- a terminal must not interpret them
const CONTROL = /[\u0000-\u001f\u007f\ufffd]+/g;

/**
 * The model's own reason from a failure object: the container's error, or else the text of the object.
 *
 * @param text the object's content; it can be empty, text that is not JSON, or binary data
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
    // Text that is not JSON is a reason too, such as the message of a proxy.
    return undefined;
  }
}
