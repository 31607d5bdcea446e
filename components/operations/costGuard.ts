import * as aws from "@pulumi/aws";
import { all, ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { BrakeTarget } from "../../contract/brake.js";
import { BRAKE_ENVIRONMENT } from "../../contract/environment.js";
import { brakeNames } from "../shared/brakeNames.js";
import { bundledFunction } from "../shared/bundledFunction.js";
import { deliveredQueue } from "../shared/deliveredQueue.js";
import { BACKGROUND_MEMORY_MB } from "../shared/jobEnvironment.js";
import { encryptedLogGroup, functionLogGroup } from "../shared/logGroup.js";
import { functionRole } from "../shared/functionRole.js";
import { PRODUCTION_VARIANT } from "../shared/metrics.js";
import type { Place } from "../shared/place.js";
import { policyDocument, publishedByBudgets } from "../shared/policies.js";
import type { RoleRules, ServiceRole } from "../shared/serviceRole.js";
import { monthlyBudget } from "./budget.js";
import { brakePolicy } from "./brakePolicy.js";
import type { ServiceUse } from "./budgetServices.js";

/** Timeout of the function of the brake, in seconds. */
const TIMEOUT_SECONDS = 60;

/** A model version beside `base`, as the brake sees it. */
export interface BrakedVersion {
  readonly name: string;
  readonly endpointName: string;
  readonly instanceType: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
}

export interface CostGuardArgs extends RoleRules, ServiceUse {
  /** First part of the names of the stack. */
  readonly prefix: string;
  readonly place: Place;
  readonly tags: Readonly<Record<"Project" | "Stack" | "ManagedBy", string>>;
  /** ARN of an existing role of the functions; empty makes one. */
  readonly functionRoleArn: string;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /**
   * ARN of the customer key of log, topic and queues.
   *
   * @default the keys of the services
   */
  readonly keyArn?: Input<string>;
  readonly ledger: { readonly tableName: Input<string>; readonly tableArn: Input<string> };
  /** Name of the endpoint, known before it exists. */
  readonly endpointName: string;
  /** Model versions beside `base`, each with a scalable target of its own. */
  readonly versions: readonly BrakedVersion[];
  /** Resource ids of the scalable targets of all versions, `base` first, available when they are registered. */
  readonly registeredIds: readonly (Output<string> | undefined)[];
  readonly instanceType: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
  /** Budget of a month in USD. */
  readonly monthlyBudgetUsd: number;
  /** Instances while the budget is used up. */
  readonly brakeCapacity: number;
  /** Topic of the alarms, which gets the alerts before 100 %. Its policy lets AWS Budgets publish. */
  readonly alarmTopicArn: Input<string>;
  /** E-mail address that gets the alert of 100 %; empty for none. */
  readonly alarmEmail: string;
}

/** A budget with alerts, and a brake that it pulls: no new jobs, and as few instances as configured. */
export class CostGuard extends ComponentResource {
  readonly functionName: Output<string>;

  constructor(name: string, args: CostGuardArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:CostGuard", name, {}, opts);
    const topic = this.topic(name, args);
    const queue = this.queue(name, topic.topic, args);
    const brake = this.function(name, queue, args);
    monthlyBudget(this, name, { ...args, brakeTopicArn: topic.topic.arn, dependsOn: [topic.policy] });
    this.applied(name, brake, args);
    this.functionName = brake.name;
    this.registerOutputs({ functionName: this.functionName });
  }

  /** A topic of its own, to which nothing but the alert of 100 % is sent. */
  private topic(
    name: string,
    { place, keyArn, tags }: CostGuardArgs,
  ): { readonly topic: aws.sns.Topic; readonly policy: aws.sns.TopicPolicy } {
    const topic = new aws.sns.Topic(
      `${name}-topic`,
      { ...(keyArn === undefined ? {} : { kmsMasterKeyId: keyArn }), tags },
      { parent: this },
    );
    const policy = new aws.sns.TopicPolicy(
      `${name}-topic-policy`,
      { arn: topic.arn, policy: policyDocument(publishedByBudgets(topic.arn, place)) },
      { parent: this },
    );
    return { topic, policy };
  }

  /** A queue between, so that no message is lost while Lambda throttles or the function fails. */
  private queue(name: string, topic: aws.sns.Topic, args: CostGuardArgs): aws.sqs.Queue {
    const { queue, policy } = deliveredQueue(
      this,
      { queue: `${name}-messages`, deadLetters: `${name}-dead-letters` },
      {
        ...args,
        names: brakeNames(args.prefix),
        timeoutSeconds: TIMEOUT_SECONDS,
        sid: "DeliverBudget",
        service: "sns.amazonaws.com",
        sourceArns: [topic.arn],
      },
    );
    new aws.sns.TopicSubscription(
      `${name}-subscription`,
      { topic: topic.arn, protocol: "sqs", endpoint: queue.arn, rawMessageDelivery: true },
      { parent: this, dependsOn: policy },
    );
    return queue;
  }

  private function(name: string, queue: aws.sqs.Queue, args: CostGuardArgs): aws.lambda.Function {
    const names = brakeNames(args.prefix);
    const logs = encryptedLogGroup(this, `${name}-logs`, functionLogGroup(names.function), args);
    const brake = bundledFunction(this, `${name}-function`, {
      functionName: names.function,
      description: "Stops new jobs and instances when the budget of the month is used up",
      entry: "lambda/operations/index.ts",
      role: this.role(name, queue, logs, args).arn,
      logs,
      environment: {
        [BRAKE_ENVIRONMENT.jobTableName]: args.ledger.tableName,
        [BRAKE_ENVIRONMENT.scalableResourceId]: scalableResourceId(args.endpointName),
        [BRAKE_ENVIRONMENT.budgetName]: names.budget,
        [BRAKE_ENVIRONMENT.minCapacity]: String(args.minCapacity),
        [BRAKE_ENVIRONMENT.maxCapacity]: String(args.maxCapacity),
        [BRAKE_ENVIRONMENT.brakeCapacity]: String(args.brakeCapacity),
        ...(args.versions.length > 0 && { [BRAKE_ENVIRONMENT.versions]: JSON.stringify(args.versions.map(targetOf)) }),
      },
      memoryMb: BACKGROUND_MEMORY_MB,
      timeoutSeconds: TIMEOUT_SECONDS,
      tags: args.tags,
    });
    new aws.lambda.EventSourceMapping(
      `${name}-source`,
      {
        eventSourceArn: queue.arn,
        functionName: brake.name,
        batchSize: 1,
        functionResponseTypes: ["ReportBatchItemFailures"],
        tags: args.tags,
      },
      { parent: this },
    );
    return brake;
  }

  private role(name: string, queue: aws.sqs.Queue, logs: aws.cloudwatch.LogGroup, args: CostGuardArgs): ServiceRole {
    return functionRole(this, name, {
      ...args,
      functionName: brakeNames(args.prefix).function,
      placement: undefined,
      policy: brakePolicy({ ...args, queueArn: queue.arn, tableArn: args.ledger.tableArn, logGroupArn: logs.arn }),
    });
  }

  /**
   * Lets the function apply changed capacities: an `up` leaves those of the scalable targets alone, because it would release
   * the brake. A changed instance type registers a target anew.
   */
  private applied(name: string, brake: aws.lambda.Function, args: CostGuardArgs): void {
    const { minCapacity, maxCapacity, brakeCapacity, instanceType, registeredIds, versions } = args;
    const types = versions.map((version) => [version.instanceType, targetOf(version)]);
    new aws.lambda.Invocation(
      `${name}-applied`,
      {
        functionName: brake.name,
        input: JSON.stringify({ action: "apply" }),
        triggers: {
          instanceType,
          minCapacity: String(minCapacity),
          maxCapacity: String(maxCapacity),
          brakeCapacity: String(brakeCapacity),
          ...(versions.length > 0 && { versions: JSON.stringify(types) }),
          // Also the order: the function would register a target that is not there.
          registeredId: all(registeredIds.filter((id) => id !== undefined)).apply((ids) => ids.join(" ")),
        },
      },
      { parent: this, dependsOn: brake },
    );
  }
}

function scalableResourceId(endpointName: string): string {
  return `endpoint/${endpointName}/variant/${PRODUCTION_VARIANT}`;
}

function targetOf({ name, endpointName, minCapacity: min, maxCapacity: max }: BrakedVersion): BrakeTarget {
  return { name, resourceId: scalableResourceId(endpointName), min, max };
}
