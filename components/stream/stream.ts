import type { Output } from "@pulumi/pulumi";
import type { ServiceRole } from "../shared/serviceRole.js";
import { streamNames } from "../shared/streamNames.js";
import { SubmissionStream, type SubmissionStreamArgs } from "./submissionStream.js";

export interface StreamArgs extends SubmissionStreamArgs {
  /** Whether there is a stream of submissions. */
  readonly stream: boolean;
}

export interface StreamParts extends Pick<ServiceRole, "networkPolicies"> {
  /** Name of the stream of Kinesis; undefined without `stream`. */
  readonly streamName?: Output<string>;
}

/** Creates the stream of submissions, and the function that submits its records. */
export function submissionsOf({ stream, ...args }: StreamArgs): StreamParts {
  if (!stream) return { networkPolicies: [] };
  return new SubmissionStream(streamNames(args.prefix).submitter, args);
}
