import * as aws from "@pulumi/aws";
import { all, ComponentResource, interpolate, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { bundledFunction } from "../shared/bundledFunction.js";
import { jobEnvironment, SCAN_TIMEOUT_SECONDS } from "../shared/jobEnvironment.js";
import type { JobFunctionArgs } from "../shared/jobFunctionArgs.js";
import { encryptedLogGroup, functionLogGroup } from "../shared/logGroup.js";
import { endpointArn } from "../shared/place.js";
import { functionInterfaces } from "../shared/placement.js";
import { scanMachineArn, scanNames } from "../shared/scanNames.js";
import { serviceRole, type ServiceRole } from "../shared/serviceRole.js";
import { scanDefinition } from "./scanDefinition.js";
import { machinePolicy, scanPolicy } from "./scanPolicies.js";
import { scanSchedule, type ScanScheduleArgs } from "./scanSchedule.js";

/** Memory in MB: more than half a CPU, to expand and read 200 MB of text in seconds. */
const MEMORY_MB = 1024;

/** How long Step Functions uses one data key, in seconds: the default of AWS. */
const DATA_KEY_SECONDS = 300;

/** Step Functions calls the function from outside of the network in which it runs. */
export type ProteomeScanArgs = JobFunctionArgs & ScanScheduleArgs;

/** The scan of whole proteomes: a state machine, the function that does its tasks, and perhaps a schedule. */
export class ProteomeScan extends ComponentResource {
  readonly machineArn: Output<string>;
  /** Policies that attach the function to a network, see `ServiceRole`. */
  readonly networkPolicies: ServiceRole["networkPolicies"];

  constructor(name: string, args: ProteomeScanArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:ProteomeScan", name, {}, opts);
    const { lambda, networkPolicies } = this.function(name, args);
    const machine = this.machine(name, args, lambda);
    if (args.scanSchedule !== "") scanSchedule(this, machine.arn, args);
    this.machineArn = machine.arn;
    this.networkPolicies = networkPolicies;
    this.registerOutputs({ machineArn: this.machineArn });
  }

  private function(
    name: string,
    args: ProteomeScanArgs,
  ): Pick<ServiceRole, "networkPolicies"> & { readonly lambda: aws.lambda.Function } {
    const { place, bucket, ledger, endpointName, prefix } = args;
    const { account, partition, region } = place;
    const { function: functionName } = scanNames(prefix);
    const logs = encryptedLogGroup(this, `${name}-logs`, functionLogGroup(functionName), args);
    const role = serviceRole(this, name, {
      ...args,
      existingArn: args.functionRoleArn,
      service: "lambda.amazonaws.com",
      sourceArn: interpolate`arn:${partition}:lambda:${region}:${account}:function:${functionName}`,
      attachment: args.placement ? functionInterfaces(place, functionName) : [],
      policy: scanPolicy({
        bucketArn: bucket.bucketArn,
        tableArn: ledger.tableArn,
        endpointArn: endpointArn(endpointName, place),
        logGroupArn: logs.arn,
      }),
    });
    const lambda = bundledFunction(this, `${name}-function`, {
      ...args,
      functionName,
      description: "Cuts FASTA files into shards, submits them, and summarises what became of them",
      entry: "lambda/scan/index.ts",
      role: role.arn,
      logs,
      environment: jobEnvironment(args, SCAN_TIMEOUT_SECONDS),
      memoryMb: MEMORY_MB,
      timeoutSeconds: SCAN_TIMEOUT_SECONDS,
    });
    return { lambda, networkPolicies: role.networkPolicies };
  }

  private machine(name: string, args: ProteomeScanArgs, lambda: aws.lambda.Function): aws.sfn.StateMachine {
    const { place, bucket, keyArn, prefix, tags } = args;
    const { account, partition, region } = place;
    const { machine, roles, logGroup } = scanNames(prefix);
    const machineArn = scanMachineArn(prefix, place);
    const logs = encryptedLogGroup(this, `${name}-machine-logs`, logGroup, args);
    const role = serviceRole(this, roles.machine, {
      ...args,
      service: "states.amazonaws.com",
      sourceArn: machineArn,
      policy: machinePolicy({
        machineArn,
        functionArn: lambda.arn,
        bucketArn: bucket.bucketArn,
        executionsArn: interpolate`arn:${partition}:states:${region}:${account}:execution:${machine}`,
      }),
    });
    return new aws.sfn.StateMachine(
      `${name}-machine`,
      {
        name: machine,
        type: "STANDARD",
        roleArn: role.arn,
        definition: all([partition, lambda.arn, bucket.bucketName]).apply(([of, functionArn, bucketName]) =>
          JSON.stringify(scanDefinition({ partition: of, functionArn, bucketName })),
        ),
        // Without the data of executions: names of files are enough to find what failed.
        loggingConfiguration: {
          level: "ERROR",
          includeExecutionData: false,
          logDestination: interpolate`${logs.arn}:*`,
        },
        tracingConfiguration: { enabled: true },
        ...(keyArn === undefined
          ? {}
          : {
              encryptionConfiguration: {
                type: "CUSTOMER_MANAGED_KMS_KEY",
                kmsKeyId: keyArn,
                kmsDataKeyReusePeriodSeconds: DATA_KEY_SECONDS,
              },
            }),
        tags,
      },
      { parent: this },
    );
  }
}
