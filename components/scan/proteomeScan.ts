import type * as aws from "@pulumi/aws";
import { all, ComponentResource, interpolate, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { bundledFunction } from "../shared/bundledFunction.js";
import { jobEnvironment, SCAN_TIMEOUT_SECONDS } from "../shared/jobEnvironment.js";
import type { JobFunctionArgs } from "../shared/jobFunctionArgs.js";
import { encryptedLogGroup, functionLogGroup } from "../shared/logGroup.js";
import { functionRole } from "../shared/functionRole.js";
import { callableModels } from "../shared/modelVersions.js";
import { endpointArn } from "../shared/place.js";
import { scanMachineArn, scanNames } from "../shared/scanNames.js";
import type { ServiceRole } from "../shared/serviceRole.js";
import { stateMachine } from "../shared/stateMachine.js";
import { scanDefinition } from "./scanDefinition.js";
import { machinePolicy, scanPolicy } from "./scanPolicies.js";
import { scanSchedule, type ScanScheduleArgs } from "./scanSchedule.js";

/** Memory in MB: more than half a CPU, to expand and read 200 MB of text in seconds. */
const MEMORY_MB = 1024;

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
    const { function: functionName } = scanNames(prefix);
    const logs = encryptedLogGroup(this, `${name}-logs`, functionLogGroup(functionName), args);
    const role = functionRole(this, name, {
      ...args,
      functionName,
      policy: scanPolicy({
        bucketArn: bucket.bucketArn,
        tableArn: ledger.tableArn,
        endpointArn: endpointArn(endpointName, place),
        models: callableModels(args),
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
    const { place, bucket, prefix } = args;
    const { account, partition, region } = place;
    const { machine, roles, logGroup } = scanNames(prefix);
    const machineArn = scanMachineArn(prefix, place);
    return stateMachine(this, name, {
      ...args,
      machine,
      machineArn,
      machineRole: roles.machine,
      machineLogGroup: logGroup,
      policy: machinePolicy({
        machineArn,
        functionArn: lambda.arn,
        bucketArn: bucket.bucketArn,
        executionsArn: interpolate`arn:${partition}:states:${region}:${account}:execution:${machine}`,
      }),
      definition: all([partition, lambda.arn, bucket.bucketName]).apply(([of, functionArn, bucketName]) =>
        JSON.stringify(scanDefinition({ partition: of, functionArn, bucketName })),
      ),
    });
  }
}
