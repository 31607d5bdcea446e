import * as z from "zod";

/**
 * The notification of S3 for uploads, as far as it is used.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
const notification = z.looseObject({
  Records: z
    .array(
      z.looseObject({
        eventSource: z.literal("aws:s3"),
        s3: z.looseObject({ object: z.looseObject({ key: z.string().min(1) }) }),
      }),
    )
    .min(1),
});

/** S3 sends this once, when it is told to notify the queue. */
const testEvent = z.looseObject({ Event: z.literal("s3:TestEvent") });

const task = z.discriminatedUnion("task", [
  z.strictObject({ task: z.literal("read"), key: z.string().min(1) }),
  z.strictObject({ task: z.literal("submit"), drop: z.uuid(), part: z.int().positive() }),
  z.strictObject({ task: z.literal("finish"), drop: z.uuid(), listed: z.boolean() }),
]);

/**
 * A step of the work on an upload:
 * - `read`: split a file into parts
 * - `submit`: submit the records of one part
 * - `finish`: write the results if all jobs have ended; `listed` says whether the manifest was written
 */
export type Task = z.infer<typeof task>;

/** A message that is neither a notification nor a task; it ends in the dead-letter queue. */
export class UnknownMessageError extends Error {
  override readonly name = "UnknownMessageError";
}

/**
 * The tasks in a message; none in a test event.
 *
 * @throws UnknownMessageError if it is neither a notification of S3 nor a task
 */
export function readTasks(body: string): Task[] {
  const content = parsed(body);
  const uploads = notification.safeParse(content);
  if (uploads.success) {
    return uploads.data.Records.map(({ s3 }) => ({ task: "read", key: decodedKey(s3.object.key) }));
  }
  if (testEvent.safeParse(content).success) return [];
  const own = task.safeParse(content);
  if (own.success) return [own.data];
  throw new UnknownMessageError("The message is neither a notification of S3 nor a task.");
}

/** Keys arrive as in the query of an address: a space is `+`, and `+` is `%2B`. */
function decodedKey(key: string): string {
  return decodeURIComponent(key.replaceAll("+", " "));
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
