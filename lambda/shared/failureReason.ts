import * as z from "zod";

/** Most characters of a reason. */
const LONGEST_REASON = 1_000;

/** The container's error body. */
const containerError = z.looseObject({ error_code: z.string(), message: z.string().min(1) });

// eslint-disable-next-line no-control-regex -- a terminal must not interpret them
const CONTROL = /[\u0000-\u001f\u007f\ufffd]+/g;

/**
 * The model's own reason from a failure object: the container's error, or else the text of the object.
 *
 * @param text the object's content; it can be empty, text that is not JSON, or binary data
 * @param maxInvocationSeconds how long the model may take, in seconds
 */
export function failureReason(text: string, maxInvocationSeconds: number): string {
  const parsed = containerError.safeParse(asJson(text));
  const reason = parsed.success ? `${parsed.data.error_code}: ${parsed.data.message}` : text;
  const readable = reason.replace(CONTROL, " ").trim();
  if (readable !== "") return readable.slice(0, LONGEST_REASON);
  // SageMaker documents no content for time-outs and lost instances.
  return (
    `The model gave no reason: it took longer than ${maxInvocationSeconds} s, or its instance was lost. Submit ` +
    "again; the endpoint's log may have more."
  );
}

/** The container's error code in a failure object; undefined if the object is not from the container. */
export function failureCode(text: string): string | undefined {
  return containerError.safeParse(asJson(text)).data?.error_code;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Text that is not JSON is a reason too, such as the message of a proxy.
    return undefined;
  }
}
