import type { LedgerItem } from "../../contract/jobs.js";
import { tokensOf } from "../shared/estimate.js";
import { failureAt, isUnfinished, recordEnd, type Outcome, type OutcomeServices } from "../shared/jobOutcome.js";
import type { CompletedWork, ServiceTimesStore } from "../shared/serviceTimes.js";
import { settleWaits, type Waits } from "../shared/waits.js";
import { UnknownNotificationError, type Notification } from "./notification.js";

/** The services of the recorder. */
export interface RecorderServices extends OutcomeServices {
  readonly settings: OutcomeServices["settings"] & {
    readonly endpointName: string;
    readonly maxConcurrentInvocations: number;
  };
  readonly times: ServiceTimesStore;
  /** Present where tasks of state machines wait for jobs. */
  readonly waits?: Waits | undefined;
}

/** A completed job that this call recorded, with what its time says about the model. */
export interface Measured {
  readonly modelVersion: string;
  readonly work: CompletedWork;
}

/**
 * Records what a notification reports, and answers the tasks that wait for the job. Duplicates, and what comes late about
 * an earlier attempt, change nothing.
 *
 * @returns the work of a job that this call recorded as completed; undefined if there is nothing to measure
 * @throws UnknownNotificationError if the ledger has no such job or attempt; ToolError if an AWS call fails
 */
export async function record(notification: Notification, services: RecorderServices): Promise<Measured | undefined> {
  const { ledger, settings, telemetry, waits } = services;
  const { outputId, attempt } = notification.inferenceId;
  const job = await ledger.read(outputId);
  const { endpointName: sender } = notification.requestParameters;
  if (job === undefined) throw new UnknownNotificationError(`The ledger has no job ${outputId}.`);
  if (attempt > job.attempt) throw new UnknownNotificationError(`Job ${outputId} has no attempt ${attempt}.`);
  // The endpoint of another stack, or of another model version: its answer is not the answer of this job.
  if (attempt === job.attempt && sender !== (job.endpoint_name ?? settings.endpointName))
    throw new UnknownNotificationError("The message is of another endpoint.");
  if (attempt < job.attempt || !isUnfinished(job)) {
    telemetry.info("A notification changes nothing", { output_id: outputId, attempt, state: job.state });
    // Somebody else recorded the end, or this function ended before it could answer.
    if (waits) await settleWaits(job, { waits, telemetry });
    return undefined;
  }
  const { job: current, recorded } = await recordEnd(job, await outcomeOf(notification, job, services), services);
  if (waits) await settleWaits(current, { waits, telemetry });
  if (recorded) return measured(notification, current);
  // Another call changed the job between read and write: the message is delivered again.
  if (isUnfinished(current) && current.attempt === attempt)
    throw new Error(`Job ${outputId} changed while it was recorded.`);
  return undefined;
}

async function outcomeOf(
  {
    invocationStatus,
    eventTime: at,
    failureReason = "",
    responseParameters: { outputLocation, failureLocation },
  }: Notification,
  job: LedgerItem,
  services: RecorderServices,
): Promise<Outcome> {
  switch (invocationStatus) {
    case "Completed":
      // A job whose submission was interrupted does not know its location.
      return {
        state: "completed",
        at,
        ...(job.output_location === undefined && outputLocation !== undefined && { outputLocation }),
      };
    case "Failed": {
      const failure = await failureAt(failureLocation ?? job.failure_location, at, services, failureReason);
      return {
        ...failure,
        ...(job.failure_location === undefined && failureLocation !== undefined && { failureLocation }),
      };
    }
    case "Expired":
      return {
        state: "expired",
        at,
        reason: `${failureReason || "The request was too long in SageMaker's queue."} Submit again.`,
      };
  }
}

/** A job that waited for the start of an instance, or for an unknown number of instances, says nothing about the model. */
function measured({ receivedTime, eventTime }: Notification, job: LedgerItem): Measured | undefined {
  const { instances = 0 } = job;
  if (job.state !== "completed" || instances < 1) return undefined;
  const work = {
    tokens: tokensOf(job),
    instances,
    receivedAt: Date.parse(receivedTime),
    endedAt: Date.parse(eventTime),
  };
  return { modelVersion: job.image_digest, work };
}
