import * as z from "zod";
import { parseInferenceId } from "../../contract/jobs.js";

/**
 * The message that SageMaker publishes when a request has ended, as far as the recorder uses it.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-check-predictions.html
 */
const schema = z.looseObject({
  invocationStatus: z.enum(["Completed", "Failed", "Expired"]),
  eventTime: z.iso.datetime({ offset: true }),
  receivedTime: z.iso.datetime({ offset: true }),
  failureReason: z.string().optional(),
  requestParameters: z.looseObject({ endpointName: z.string() }),
  responseParameters: z
    .looseObject({ outputLocation: z.string().optional(), failureLocation: z.string().optional() })
    .default({}),
  inferenceId: z.string().transform((id, context) => {
    const parsed = parseInferenceId(id);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: "custom", message: "is not an id of this service" });
    return z.NEVER;
  }),
});

export type Notification = z.infer<typeof schema>;

/** A message that is not about a job of this stack; it ends in the dead-letter queue. */
export class UnknownNotificationError extends Error {
  override readonly name = "UnknownNotificationError";
}

/**
 * Reads a message.
 *
 * @throws UnknownNotificationError if it is not a notification, has an unknown status, or is of another service
 */
export function readNotification(body: string): Notification {
  const read = schema.safeParse(parsed(body));
  if (!read.success) {
    const fields = read.error.issues.map(({ path }) => path.join(".") || "the top level");
    throw new UnknownNotificationError(`The message does not match the schema at ${fields.join(", ")}.`);
  }
  return read.data;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
