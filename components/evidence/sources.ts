import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import { SOURCES_ENVIRONMENT } from "../../contract/environment.js";
import { bundledFunction } from "../shared/bundledFunction.js";
import { encryptedLogGroup, functionLogGroup } from "../shared/logGroup.js";
import { functionRole } from "../shared/functionRole.js";
import type { EvidenceFunctionArgs } from "./evidenceFunction.js";
import { sourcesPolicy } from "./sourcesPolicy.js";

/** Memory in MB: the variants of the longest human proteins are tens of megabytes of JSON. */
const MEMORY_MB = 2048;

/** Timeout in seconds: the records of a large gene in ClinVar take 26 requests, at three a second with others. */
const TIMEOUT_SECONDS = 180;

export interface SourcesArgs extends Omit<EvidenceFunctionArgs, "placement"> {
  /** Name of the SecureString in Systems Manager with the operator's key for NCBI; empty for none. */
  readonly ncbiApiKeyParameter: string;
  /** E-mail address that sources can write to; empty for none. */
  readonly evidenceContact: string;
}

/**
 * The function that asks public sources about a protein, and the table of their answers. It runs in the network of Lambda
 * even with `network` isolated, which has no way to the internet: it sends accessions and names of genes, and a sequence
 * only where a caller allows it.
 */
export class EvidenceSources extends ComponentResource {
  readonly lambda: aws.lambda.Function;

  constructor(name: string, args: SourcesArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:EvidenceSources", name, {}, opts);
    const { bucket, evidenceContact, ncbiApiKeyParameter, place } = args;
    const table = this.table(name, args);
    const logs = encryptedLogGroup(this, `${name}-logs`, functionLogGroup(name), args);
    const role = functionRole(this, name, {
      ...args,
      functionName: name,
      placement: undefined,
      policy: sourcesPolicy({
        place,
        bucketArn: bucket.bucketArn,
        tableArn: table.arn,
        logGroupArn: logs.arn,
        ncbiApiKeyParameter,
      }),
    });
    this.lambda = bundledFunction(this, `${name}-function`, {
      tags: args.tags,
      functionName: name,
      description: "Asks public sources what is known about a protein",
      entry: "lambda/evidence/sources/index.ts",
      role: role.arn,
      logs,
      environment: environmentOf(table.name, { evidenceContact, ncbiApiKeyParameter }),
      memoryMb: MEMORY_MB,
      timeoutSeconds: TIMEOUT_SECONDS,
    });
    this.registerOutputs({ functionArn: this.lambda.arn });
  }

  /** Its items can all be had again: the table is deleted with the stack, and has no backups. */
  private table(name: string, { tags, keyArn }: SourcesArgs): aws.dynamodb.Table {
    return new aws.dynamodb.Table(
      `${name}-answers`,
      {
        billingMode: "PAY_PER_REQUEST",
        hashKey: "id",
        attributes: [{ name: "id", type: "S" }],
        ttl: { enabled: true, attributeName: "expires_at" },
        ...(keyArn === undefined ? {} : { serverSideEncryption: { enabled: true, kmsKeyArn: keyArn } }),
        tags,
      },
      { parent: this },
    );
  }
}

function environmentOf(
  tableName: Input<string>,
  { evidenceContact, ncbiApiKeyParameter }: Pick<SourcesArgs, "evidenceContact" | "ncbiApiKeyParameter">,
): Record<string, Input<string>> {
  return {
    [SOURCES_ENVIRONMENT.tableName]: tableName,
    ...(ncbiApiKeyParameter === "" ? {} : { [SOURCES_ENVIRONMENT.ncbiKeyParameter]: ncbiApiKeyParameter }),
    ...(evidenceContact === "" ? {} : { [SOURCES_ENVIRONMENT.contact]: evidenceContact }),
  };
}
