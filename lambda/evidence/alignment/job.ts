import type { Context } from "aws-lambda";
import * as z from "zod";
import { ALIGNMENT_ENDED, type AlignmentAnswer } from "../../../contract/evidence.js";
import type { Ended } from "../../../contract/workflow.js";
import type { ObjectStore } from "../../shared/objectStore.js";
import { fileIn, location } from "../taskFiles.js";
import type { AlignmentHandler } from "./handler.js";

const anyTask = z.looseObject({ output: location });

/**
 * Creates the job that does what the function does, and leaves its answer or its error beside the alignment. An error is
 * thrown too: the job has failed.
 */
export function createAlignmentJob(
  handler: AlignmentHandler,
  objects: Pick<ObjectStore, "writeJson">,
): (event: unknown, context: Context) => Promise<void> {
  return async (event, context) => {
    const { output } = anyTask.parse(event);
    const leave = async (ended: Ended<AlignmentAnswer>): Promise<void> => {
      const { bucket, key } = fileIn(output, ALIGNMENT_ENDED);
      await objects.writeJson(bucket, key, JSON.stringify(ended));
    };
    try {
      await leave({ answer: await handler(event, context) });
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      // The form in which Step Functions gives the error of a function.
      await leave({ error: { Error: name, Cause: JSON.stringify({ errorType: name, errorMessage: message }) } });
      throw error;
    }
  };
}
