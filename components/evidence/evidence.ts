import type * as aws from "@pulumi/aws";
import type { Output } from "@pulumi/pulumi";
import { evidenceNames } from "../shared/evidenceNames.js";
import type { ServiceRole } from "../shared/serviceRole.js";
import { AlignmentFunction } from "./alignmentFunction.js";
import { AlignmentJobs } from "./alignmentJobs.js";
import type { AlignerImage, AlignerImageArgs } from "./alignerImage.js";
import type { EvidenceFunctionArgs } from "./evidenceFunction.js";
import { EvidenceWorkflow, type EvidenceWorkflowArgs } from "./evidenceWorkflow.js";
import { EvidenceSources, type SourcesArgs } from "./sources.js";
import { RetrievalFunction, type RetrievalArgs } from "./retrievalFunction.js";

export interface EvidenceArgs
  extends EvidenceFunctionArgs, RetrievalArgs, SourcesArgs, Omit<EvidenceWorkflowArgs, "functions"> {
  /** Whether evidence is gathered beside the scores. */
  readonly evidence: boolean;
  /** First part of all names of the stack. */
  readonly prefix: string;
  /** Subnets in which jobs align families that are too large for the function; empty for none. */
  readonly alignmentSubnetIds: readonly string[];
  /** The image of the aligner; undefined without `evidence`. */
  readonly alignerImage: AlignerImage | undefined;
}

export interface EvidenceParts extends Pick<ServiceRole, "networkPolicies"> {
  /** The function for `RetrievalTask`; undefined without `evidence`. */
  readonly retrieval?: aws.lambda.Function;
  /** The function for `AlignmentTask`; undefined without `evidence`. */
  readonly alignment?: aws.lambda.Function;
  /** The function for `ResolveTask` and `SourceTask`; undefined without `evidence`. */
  readonly sources?: aws.lambda.Function;
  /** The function that starts, reads and cancels workflows; undefined without `evidence`. */
  readonly workflow?: aws.lambda.Function;
  readonly retrievalFunctionName?: Output<string>;
  readonly alignmentFunctionName?: Output<string>;
  readonly sourcesFunctionName?: Output<string>;
  readonly workflowFunctionName?: Output<string>;
  readonly workflowStateMachineArn?: Output<string>;
  /** Queue and definition of jobs that align large families; undefined without `alignmentSubnetIds`. */
  readonly alignmentQueueArn?: Output<string>;
  readonly alignmentJobArn?: Output<string>;
}

/**
 * The image of the aligner, in a repository of its own; undefined without `evidence`. It needs no network of the stack.
 * Its libraries are loaded only with `evidence`: they take half a second.
 */
export async function alignerImageOf(
  args: AlignerImageArgs & Pick<EvidenceArgs, "evidence" | "prefix">,
): Promise<AlignerImage | undefined> {
  if (!args.evidence) return undefined;
  const { alignerImage } = await import("./alignerImage.js");
  return alignerImage(evidenceNames(args.prefix).image, args);
}

/** Creates the functions that gather evidence about a protein, and what they need. */
export function evidenceOf(args: EvidenceArgs): EvidenceParts {
  const { evidence, alignerImage: image, prefix } = args;
  if (!evidence || image === undefined) return { networkPolicies: [] };
  const names = evidenceNames(prefix);
  const retrieval = new RetrievalFunction(names.retrieval, args);
  const alignment = new AlignmentFunction(names.alignment, {
    ...args,
    image,
    hasJobs: args.alignmentSubnetIds.length > 0,
  });
  const jobs = args.alignmentSubnetIds.length > 0 ? new AlignmentJobs(names.jobs, { ...args, image }) : undefined;
  const sources = new EvidenceSources(names.sources, args);
  const workflow = new EvidenceWorkflow(names.workflow, {
    ...args,
    jobs: jobs && { queueArn: jobs.queueArn, definitionArn: jobs.definitionArn },
    functions: {
      retrieval: retrieval.lambda.arn,
      alignment: alignment.lambda.arn,
      sources: sources.lambda.arn,
    },
  });
  return {
    retrieval: retrieval.lambda,
    alignment: alignment.lambda,
    sources: sources.lambda,
    workflow: workflow.lambda,
    retrievalFunctionName: retrieval.lambda.name,
    alignmentFunctionName: alignment.lambda.name,
    sourcesFunctionName: sources.lambda.name,
    workflowFunctionName: workflow.lambda.name,
    workflowStateMachineArn: workflow.machineArn,
    ...(jobs && { alignmentQueueArn: jobs.queueArn, alignmentJobArn: jobs.revisionArn }),
    networkPolicies: [...retrieval.networkPolicies, ...alignment.networkPolicies, ...workflow.networkPolicies],
  };
}
