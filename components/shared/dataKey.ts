import * as aws from "@pulumi/aws";
import {
  ComponentResource,
  jsonStringify,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { apiNames } from "./apiNames.js";
import { evidenceLogGroups, evidenceUsers, usedByWorkflows } from "./evidenceKeyUse.js";
import { brakeNames } from "./brakeNames.js";
import { fastaNames } from "./fastaNames.js";
import { keyPolicy, type KeyUser } from "./keyPolicy.js";
import { buildLogGroup, endpointLogGroup, flowLogGroup, functionLogGroup } from "./logGroup.js";
import { modelNames } from "./modelNames.js";
import type { NamedVersion } from "./modelVersions.js";
import type { Place } from "./place.js";
import { encryptedByBudgets } from "./policies.js";
import { resultsNames } from "./resultsNames.js";
import { deliveredScanLogs, usedByScanMachine } from "./scanKeyUse.js";
import { scanNames } from "./scanNames.js";
import { endpointRoles, rolePatterns } from "./serviceRole.js";
import { streamNames } from "./streamNames.js";

/** Waiting period before a deleted key is gone, in days: the maximum of KMS. Until then it can be restored. */
const DELETION_WINDOW_DAYS = 30;

export interface DataKeyArgs {
  readonly place: Place;
  /** First part of the names of the stack's roles and alarms, and of the log group of its VPC. */
  readonly prefix: string;
  /** Model versions beside `base`, whose endpoints and builds use the key too. */
  readonly versions: readonly NamedVersion[];
  /** Whether the log of the guard of model versions is encrypted with the key too. */
  readonly modelGuard: boolean;
  /** ARN of an existing role of the endpoint; empty where the stack makes it. */
  readonly executionRoleArn: string;
  /** ARN of an existing role of the functions; empty where the stack makes theirs. */
  readonly functionRoleArn: string;
  /** Name of the endpoint, whose log is encrypted with the key. */
  readonly endpointName: string;
  /** Names of the functions, whose logs are encrypted with the key. */
  readonly functionName: string;
  /** Name of the CodeBuild project, whose log is encrypted with the key if there is such a project. */
  readonly buildName: string;
  /** What builds the image. */
  readonly imageBuild: "local" | "codebuild";
  readonly recorderName: string;
  readonly sweeperName: string;
  /** Whether the result store is encrypted with the key too. */
  readonly resultsCatalog: boolean;
  /** Whether there is a stream of submissions, which is encrypted with the key too. */
  readonly stream: boolean;
  /** Whether the queue of FASTA uploads is encrypted with the key too. */
  readonly fastaDrop: boolean;
  /** Whether the state machine of scans is encrypted with the key too. */
  readonly scan: boolean;
  /** Whether evidence, and the state machine of its workflows, are encrypted with the key too. */
  readonly evidence: boolean;
  /** Budget of a month in USD; 0 for none. AWS Budgets publishes to topics that are encrypted with the key. */
  readonly monthlyBudgetUsd: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether the key outlives the stack, as the data that it encrypts does. */
  readonly retainData: boolean;
}

/** The customer key that encrypts a stack's data: bucket, results, ledger, topics, queues and log groups. */
export class DataKey extends ComponentResource {
  readonly keyArn: Output<string>;

  constructor(name: string, args: DataKeyArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:DataKey", name, {}, opts);
    const key = this.key(name, args);
    this.keyArn = key.arn;
    this.registerOutputs({ keyArn: this.keyArn });
  }

  private policy(args: DataKeyArgs): aws.iam.PolicyDocument {
    const { place, prefix, endpointName, buildName, imageBuild, resultsCatalog, stream, fastaDrop, scan, evidence } =
      args;
    const fasta = fastaNames(prefix).function;
    const scans = scanNames(prefix);
    const { store, merge } = resultsNames(prefix);
    const { submitter } = streamNames(prefix);
    const functions = (role: string): Input<string>[] => rolePatterns(`${prefix}-${role}`, place, args.functionRoleArn);
    return keyPolicy({
      place,
      alarmPrefix: prefix,
      users: [
        {
          sid: "UseByEndpoint",
          roleArns: endpointRoles(args),
          services: ["s3", "sns"],
        },
        {
          sid: "UseByTools",
          roleArns: functions("tools"),
          services: ["dynamodb", "s3", "sqs"],
        },
        { sid: "UseByRecorder", roleArns: functions("recorder"), services: ["dynamodb", "s3", "sqs", "states"] },
        { sid: "UseBySweeper", roleArns: functions("sweeper"), services: ["dynamodb", "s3", "states"] },
        // Always: a stack that leaves these capabilities deletes their functions after the policy has changed.
        ...resultsUsers(args),
        ...evidenceUsers(prefix, place, args.functionRoleArn),
        {
          sid: "UseByStream",
          roleArns: rolePatterns(submitter, place, args.functionRoleArn),
          services: ["dynamodb", "kinesis", "s3"],
        },
        { sid: "UseByFasta", roleArns: functions("fasta"), services: ["dynamodb", "s3", "sqs"] },
        { sid: "UseByBrake", roleArns: functions("brake"), services: ["dynamodb", "sqs"] },
        { sid: "UseByScan", roleArns: functions("scan"), services: ["dynamodb", "s3", "states"] },
        {
          sid: "UseByScanMachine",
          roleArns: [scans.roles.machine, scans.roles.schedule].flatMap((role) => rolePatterns(role, place, "")),
          services: ["s3", "states"],
        },
      ],
      logGroupNames: [
        endpointLogGroup(endpointName),
        ...[
          args.functionName,
          args.recorderName,
          args.sweeperName,
          store,
          merge,
          submitter,
          fasta,
          scans.function,
          brakeNames(prefix).function,
        ].map(functionLogGroup),
        scans.logGroup,
        ...evidenceLogGroups(prefix),
        flowLogGroup(prefix),
        apiNames(prefix).logGroup,
        ...(imageBuild === "codebuild" ? [buildLogGroup(buildName)] : []),
        ...(args.modelGuard ? [functionLogGroup(modelNames(prefix).guard)] : []),
        ...args.versions.flatMap((version) => [
          endpointLogGroup(version.endpointName),
          ...(imageBuild === "codebuild" ? [buildLogGroup(version.buildName)] : []),
        ]),
      ],
      isQueried: resultsCatalog,
      isFed: stream,
      isWatched: fastaDrop,
      isScanned: scan,
      more: [
        ...usedByScanMachine(prefix, place),
        ...usedByWorkflows(prefix, place),
        ...(scan || evidence ? [deliveredScanLogs(place)] : []),
        ...(args.monthlyBudgetUsd > 0 ? [encryptedByBudgets(place)] : []),
      ],
    });
  }

  /** Without an alias: a key that outlives its stack would keep the alias from the next stack of that name. */
  private key(name: string, args: DataKeyArgs): aws.kms.Key {
    return new aws.kms.Key(
      `${name}-key`,
      {
        description: `Data of ${name}`,
        enableKeyRotation: true,
        deletionWindowInDays: DELETION_WINDOW_DAYS,
        policy: jsonStringify(this.policy(args)),
        tags: args.tags,
      },
      { parent: this, retainOnDelete: args.retainData },
    );
  }
}

function resultsUsers({ prefix, place, functionRoleArn }: DataKeyArgs): KeyUser[] {
  const { roles } = resultsNames(prefix);
  return [
    {
      sid: "UseByResults",
      roleArns: rolePatterns(roles.store, place, functionRoleArn),
      services: ["dynamodb", "s3"],
    },
    { sid: "UseByMerge", roleArns: rolePatterns(roles.merge, place, functionRoleArn), services: ["s3"] },
  ];
}
