import * as aws from "@pulumi/aws";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import { MODEL_GUARD_ENVIRONMENT } from "../../contract/environment.js";
import { bundledFunction } from "../shared/bundledFunction.js";
import { BACKGROUND_MEMORY_MB } from "../shared/jobEnvironment.js";
import { encryptedLogGroup, functionLogGroup } from "../shared/logGroup.js";
import { functionRole } from "../shared/functionRole.js";
import { guardAlarmNames, modelNames } from "../shared/modelNames.js";
import { parameterArn } from "../shared/modelVersions.js";
import type { Place } from "../shared/place.js";
import type { NetworkPlacement } from "../shared/placement.js";
import { allow, policyDocument, running } from "../shared/policies.js";
import type { RoleRules, ServiceRole } from "../shared/serviceRole.js";
import { guardAlarms, type GuardedVersion } from "./guardAlarms.js";

/** Timeout of the guard, in seconds: it reads and writes one parameter. */
const TIMEOUT_SECONDS = 30;

export interface ModelGuardArgs extends RoleRules {
  readonly prefix: string;
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
  /** ARN of an existing role of the functions, used as it is; empty makes one. */
  readonly functionRoleArn: string;
  /** Name of the parameter that says which version is active. */
  readonly modelPointer: string;
  /** All versions. */
  readonly guarded: readonly GuardedVersion[];
  /** How long one invocation may take, in seconds. */
  readonly maxInvocationSeconds: number;
  /** Topic that the alarms notify too. */
  readonly alarmTopicArn: Input<string>;
  readonly logRetentionDays: number;
  readonly keyArn?: Input<string>;
  readonly placement?: NetworkPlacement | undefined;
}

/** Rolls the active version back by itself: two alarms a version, and the function that they call. */
export class ModelGuard extends ComponentResource {
  /** Policies that attach the function to a network, see `ServiceRole`. */
  readonly networkPolicies: ServiceRole["networkPolicies"];

  constructor(name: string, args: ModelGuardArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:ModelGuard", name, {}, opts);
    const { guard: functionName } = modelNames(args.prefix);
    const logs = encryptedLogGroup(this, `${name}-logs`, functionLogGroup(functionName), args);
    const role = this.role(name, functionName, args, logs);
    this.networkPolicies = role.networkPolicies;
    const names = args.guarded.flatMap((version) =>
      Object.values(guardAlarmNames(version.endpointName)).map((alarm) => [alarm, version.name] as const),
    );
    const guard = bundledFunction(this, `${name}-function`, {
      ...args,
      functionName,
      description: "Rolls the active model version back when it fails or is slow after its activation",
      entry: "lambda/models/index.ts",
      role: role.arn,
      logs,
      environment: {
        [MODEL_GUARD_ENVIRONMENT.pointer]: args.modelPointer,
        [MODEL_GUARD_ENVIRONMENT.alarms]: JSON.stringify(Object.fromEntries(names)),
      },
      memoryMb: BACKGROUND_MEMORY_MB,
      timeoutSeconds: TIMEOUT_SECONDS,
    });
    const actions = [guard.arn, args.alarmTopicArn];
    for (const version of args.guarded) {
      for (const [index, alarm] of guardAlarms(this, name, version, { ...args, actions }).entries()) {
        this.permission(`${name}-${version.name}-call-${index}`, guard, alarm.arn, args.place);
      }
    }
    this.registerOutputs({});
  }

  private role(name: string, functionName: string, args: ModelGuardArgs, logs: aws.cloudwatch.LogGroup): ServiceRole {
    return functionRole(this, name, {
      ...args,
      functionName,
      policy: policyDocument(
        allow({
          sid: "RollBack",
          actions: ["ssm:GetParameter", "ssm:PutParameter"],
          resources: [parameterArn(args.modelPointer, args.place)],
        }),
        ...running(logs.arn),
      ),
    });
  }

  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html */
  private permission(name: string, guard: aws.lambda.Function, alarmArn: Input<string>, { account }: Place): void {
    new aws.lambda.Permission(
      name,
      {
        action: "lambda:InvokeFunction",
        function: guard.name,
        principal: "lambda.alarms.cloudwatch.amazonaws.com",
        sourceAccount: account,
        sourceArn: alarmArn,
      },
      { parent: this },
    );
  }
}
