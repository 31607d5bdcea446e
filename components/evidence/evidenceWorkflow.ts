import * as aws from "@pulumi/aws";
import {
  ComponentResource,
  interpolate,
  jsonStringify,
  output,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { API_ENVIRONMENT, WORKFLOW_ENVIRONMENT } from "../../contract/environment.js";
import { bundledFunction } from "../shared/bundledFunction.js";
import { evidenceNames, workflowMachineArn } from "../shared/evidenceNames.js";
import { jobEnvironment, STEPS_TIMEOUT_SECONDS } from "../shared/jobEnvironment.js";
import type { JobFunctionArgs } from "../shared/jobFunctionArgs.js";
import { encryptedLogGroup, functionLogGroup } from "../shared/logGroup.js";
import { functionRole } from "../shared/functionRole.js";
import { callableModels } from "../shared/modelVersions.js";
import { endpointArn } from "../shared/place.js";
import { scheduledCall } from "../shared/scheduledCall.js";
import type { ServiceRole } from "../shared/serviceRole.js";
import { stateMachine } from "../shared/stateMachine.js";
import { workflowDefinition } from "./workflowDefinition.js";
import { auditPolicy, stepsPolicy, workflowMachinePolicy, workflowPolicy, type LargeJobs } from "./workflowPolicies.js";

/** Memory in MB of the function of the steps: a table of a long protein is some tens of MB of JSON. */
const STEPS_MEMORY_MB = 1024;

/** Memory in MB of the function of workflows: it reads such a table too. */
const WORKFLOW_MEMORY_MB = 512;

/** Timeout of the function of workflows, in seconds: that of an answer of API Gateway. */
const WORKFLOW_TIMEOUT_SECONDS = 29;

export interface EvidenceWorkflowArgs extends JobFunctionArgs {
  /** First part of all names of the stack. */
  readonly prefix: string;
  /** Origins of web pages that may call the HTTP API. */
  readonly apiOrigins: readonly string[];
  /** ARNs of the functions that the steps call. */
  readonly functions: {
    readonly retrieval: Input<string>;
    readonly alignment: Input<string>;
    readonly sources: Input<string>;
  };
  /**
   * Jobs that align what is too large for the function.
   *
   * @default none
   */
  readonly jobs?: LargeJobs | undefined;
}

/** Workflows of evidence: the function that callers talk to, the function of the steps, and the state machine. */
export class EvidenceWorkflow extends ComponentResource {
  /** The function that starts, reads and cancels workflows. */
  readonly lambda: aws.lambda.Function;
  readonly machineArn: Output<string>;
  /** Policies that attach the functions to a network, see `ServiceRole`. */
  readonly networkPolicies: ServiceRole["networkPolicies"];

  constructor(name: string, args: EvidenceWorkflowArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:EvidenceWorkflow", name, {}, opts);
    const steps = this.steps(args);
    const machine = this.machine(steps.lambda, args);
    const front = this.front(machine.arn, args);
    this.archiveDaily(steps.lambda, args);
    this.lambda = front.lambda;
    this.machineArn = machine.arn;
    this.networkPolicies = [...steps.role.networkPolicies, ...front.role.networkPolicies];
    this.registerOutputs({ functionArn: this.lambda.arn, machineArn: this.machineArn });
  }

  private steps(args: EvidenceWorkflowArgs): FunctionWithRole {
    const { bucket, endpointName, ledger, place, prefix } = args;
    const { steps } = evidenceNames(prefix);
    return this.function(steps, args, {
      policy: (logGroupArn) =>
        stepsPolicy({
          bucketArn: bucket.bucketArn,
          tableArn: ledger.tableArn,
          endpointArn: endpointArn(endpointName, place),
          models: callableModels(args),
          logGroupArn,
        }),
      description: "Does the steps of workflows of evidence",
      entry: "lambda/evidence/steps/index.ts",
      environment: jobEnvironment(args, STEPS_TIMEOUT_SECONDS),
      memoryMb: STEPS_MEMORY_MB,
      timeoutSeconds: STEPS_TIMEOUT_SECONDS,
    });
  }

  private front(machineArn: Input<string>, args: EvidenceWorkflowArgs): FunctionWithRole {
    const { apiOrigins, bucket, ledger, place, prefix } = args;
    const { account, partition, region } = place;
    const { machine, workflow } = evidenceNames(prefix);
    const front = this.function(workflow, args, {
      policy: (logGroupArn) =>
        workflowPolicy({
          bucketArn: bucket.bucketArn,
          tableArn: ledger.tableArn,
          machineArn,
          executionsArn: interpolate`arn:${partition}:states:${region}:${account}:execution:${machine}`,
          logGroupArn,
        }),
      description: "Starts, reads and cancels workflows of evidence",
      entry: "lambda/evidence/workflow/index.ts",
      environment: {
        [WORKFLOW_ENVIRONMENT.bucketName]: bucket.bucketName,
        [WORKFLOW_ENVIRONMENT.jobTableName]: ledger.tableName,
        [WORKFLOW_ENVIRONMENT.machineArn]: machineArn,
        [WORKFLOW_ENVIRONMENT.functionTimeoutSeconds]: String(WORKFLOW_TIMEOUT_SECONDS),
        ...(apiOrigins.length > 0 && { [API_ENVIRONMENT.origins]: apiOrigins.join(",") }),
      },
      memoryMb: WORKFLOW_MEMORY_MB,
      timeoutSeconds: WORKFLOW_TIMEOUT_SECONDS,
    });
    new aws.dynamodb.ResourcePolicy(
      `${workflow}-audit`,
      { resourceArn: ledger.tableArn, policy: jsonStringify(auditPolicy(ledger.tableArn, front.role.arn)) },
      { parent: this },
    );
    return front;
  }

  private function(name: string, args: EvidenceWorkflowArgs, { policy, ...shape }: FunctionShape): FunctionWithRole {
    const logs = encryptedLogGroup(this, `${name}-logs`, functionLogGroup(name), args);
    const role = functionRole(this, name, {
      ...args,
      functionName: name,
      policy: policy(logs.arn),
    });
    const lambda = bundledFunction(this, `${name}-function`, {
      ...args,
      ...shape,
      functionName: name,
      role: role.arn,
      logs,
    });
    return { lambda, role };
  }

  private machine(steps: aws.lambda.Function, args: EvidenceWorkflowArgs): aws.sfn.StateMachine {
    const { functions, jobs, place, prefix } = args;
    const names = evidenceNames(prefix);
    const arns = { stepsArn: steps.arn, ...functionArns(functions) };
    return stateMachine(this, names.machine, {
      ...args,
      ...names,
      machineArn: workflowMachineArn(prefix, place),
      policy: workflowMachinePolicy(Object.values(arns), jobs, place),
      definition: output({ partition: place.partition, ...arns, jobs }).apply((known) =>
        JSON.stringify(workflowDefinition(known)),
      ),
    });
  }

  private archiveDaily(lambda: aws.lambda.Function, { prefix, tags }: EvidenceWorkflowArgs): void {
    const rule = `${evidenceNames(prefix).steps}-archive`;
    scheduledCall(this, {
      names: { rule, permission: `${rule}-call`, target: `${rule}-target` },
      description: "Archives the audit of workflows",
      expression: "rate(1 day)",
      lambda,
      input: { task: "archive" },
      tags,
    });
  }
}

interface FunctionWithRole {
  readonly lambda: aws.lambda.Function;
  readonly role: ServiceRole;
}

interface FunctionShape {
  readonly policy: (logGroupArn: Input<string>) => aws.iam.PolicyDocument;
  readonly description: string;
  readonly entry: string;
  readonly environment: Readonly<Record<string, Input<string>>>;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
}

function functionArns({ retrieval, alignment, sources }: EvidenceWorkflowArgs["functions"]) {
  return { retrievalArn: retrieval, alignmentArn: alignment, sourcesArn: sources };
}
