import type * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import { EVIDENCE_ENVIRONMENT } from "../../contract/environment.js";
import { bundledFunction } from "../shared/bundledFunction.js";
import { encryptedLogGroup, functionLogGroup } from "../shared/logGroup.js";
import { functionRole } from "../shared/functionRole.js";
import type { ServiceRole } from "../shared/serviceRole.js";
import type { EvidenceFunctionArgs } from "./evidenceFunction.js";
import { retrievalPolicy } from "./evidencePolicies.js";

/** Memory in MB: more than half a CPU, to expand blocks of compressed genomes. */
const MEMORY_MB = 1024;

/** Timeout in seconds: the regions of a file are read one after the other, each within seconds. */
const TIMEOUT_SECONDS = 900;

export interface RetrievalArgs extends EvidenceFunctionArgs {
  /** Folders that genomes may be read from, besides that of the bucket. */
  readonly genomeSources: readonly string[];
}

/** The function that makes transcripts and protein sequences of genome coordinates. */
export class RetrievalFunction extends ComponentResource {
  readonly lambda: aws.lambda.Function;
  /** Policies that attach the function to a network, see `ServiceRole`. */
  readonly networkPolicies: ServiceRole["networkPolicies"];

  constructor(name: string, args: RetrievalArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:RetrievalFunction", name, {}, opts);
    const { bucket, genomeSources, place } = args;
    const logs = encryptedLogGroup(this, `${name}-logs`, functionLogGroup(name), args);
    const role = functionRole(this, name, {
      ...args,
      functionName: name,
      policy: retrievalPolicy({ bucketArn: bucket.bucketArn, logGroupArn: logs.arn, genomeSources, place }),
    });
    this.lambda = bundledFunction(this, `${name}-function`, {
      ...args,
      functionName: name,
      description: "Makes transcripts and protein sequences of genome coordinates",
      entry: "lambda/evidence/retrieval/index.ts",
      role: role.arn,
      logs,
      environment: {
        [EVIDENCE_ENVIRONMENT.bucketName]: bucket.bucketName,
        [EVIDENCE_ENVIRONMENT.genomeSources]: genomeSources.join(","),
      },
      memoryMb: MEMORY_MB,
      timeoutSeconds: TIMEOUT_SECONDS,
    });
    this.networkPolicies = role.networkPolicies;
    this.registerOutputs({ functionArn: this.lambda.arn });
  }
}
