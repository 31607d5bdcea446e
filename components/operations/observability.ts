import * as aws from "@pulumi/aws";
import {
  ComponentResource,
  interpolate,
  output,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { serviceAlarms, type Alarm } from "./alarms.js";
import { apiAlarms, apiGraphs } from "./apiOperations.js";
import { dashboardBody } from "./dashboard.js";
import { fastaAlarms, fastaGraphs } from "./fastaOperations.js";
import { resultsAlarms, resultsGraphs } from "./resultsOperations.js";
import { scanAlarms, scanGraphs } from "./scanOperations.js";
import { streamAlarms, streamGraphs } from "./streamOperations.js";
import type { Place } from "../shared/place.js";
import { policyDocument, publishedBy } from "../shared/policies.js";

export interface ObservabilityArgs {
  /** Name of the dashboard. */
  readonly prefix: string;
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
  readonly endpointName: Input<string>;
  readonly functionName: Input<string>;
  readonly recorderName: string;
  readonly sweeperName: string;
  readonly notifications: { readonly queueName: Input<string>; readonly deadLetterQueueName: Input<string> };
  /** Timeout of the tools' function, in seconds. */
  readonly lambdaTimeoutSeconds: number;
  /** How long one invocation of the model may take, in seconds. */
  readonly maxInvocationSeconds: number;
  /**
   * ARN of the customer key of the alarm topic.
   *
   * @default messages are not encrypted at rest
   */
  readonly keyArn?: Input<string>;
  /** Whether there is a result store. */
  readonly resultsCatalog: boolean;
  /** Whether there is a stream of submissions. */
  readonly stream: boolean;
  /** Whether FASTA uploads become jobs. */
  readonly fastaDrop: boolean;
  /** Whether whole FASTA files can be scanned. */
  readonly scan: boolean;
  /** Whether there is an HTTP API. */
  readonly api: boolean;
  /** E-mail address that gets the alarms; empty subscribes nobody. */
  readonly alarmEmail: string;
}

/** Alarms, the topic that they publish to, and a dashboard. */
export class Observability extends ComponentResource {
  readonly alarmTopicArn: Output<string>;
  /** URL of the dashboard in the AWS console. */
  readonly dashboardUrl: Output<string>;

  constructor(name: string, args: ObservabilityArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:Observability", name, {}, opts);
    const topic = this.topic(name, args);
    const alarms = [
      ...serviceAlarms(args),
      ...(args.resultsCatalog ? resultsAlarms(args.prefix) : []),
      ...(args.stream ? streamAlarms(args.prefix) : []),
      ...(args.fastaDrop ? fastaAlarms(args.prefix) : []),
      ...(args.scan ? scanAlarms(args.prefix, args.place) : []),
      ...(args.api ? apiAlarms(args.prefix) : []),
    ];
    for (const alarm of alarms) this.alarm(name, alarm, topic, args);
    const dashboard = this.dashboard(name, args);
    this.alarmTopicArn = topic.arn;
    this.dashboardUrl = dashboardUrl(args.place, dashboard.dashboardName);
    this.registerOutputs({ alarmTopicArn: this.alarmTopicArn, dashboardUrl: this.dashboardUrl });
  }

  private topic(name: string, { prefix, tags, place, keyArn, alarmEmail }: ObservabilityArgs): aws.sns.Topic {
    const topic = new aws.sns.Topic(
      `${name}-alarms`,
      { ...(keyArn === undefined ? {} : { kmsMasterKeyId: keyArn }), tags },
      { parent: this },
    );
    new aws.sns.TopicPolicy(
      `${name}-alarms-policy`,
      { arn: topic.arn, policy: publishedByAlarms(topic.arn, prefix, place) },
      { parent: this },
    );
    if (alarmEmail !== "") {
      new aws.sns.TopicSubscription(
        `${name}-alarms-email`,
        { topic: topic.arn, protocol: "email", endpoint: alarmEmail },
        { parent: this },
      );
    }
    return topic;
  }

  private alarm(name: string, { id, metric, ...alarm }: Alarm, topic: aws.sns.Topic, args: ObservabilityArgs): void {
    new aws.cloudwatch.MetricAlarm(
      `${name}-${id}`,
      {
        ...alarm,
        ...metric,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        // The metrics are missing while nothing happens, as at zero instances: then nothing fails. `ignore` would keep an
        // alarm on after the endpoint has scaled to zero.
        treatMissingData: "notBreaching",
        alarmActions: [topic.arn],
        okActions: [topic.arn],
        tags: args.tags,
      },
      { parent: this },
    );
  }

  private dashboard(name: string, args: ObservabilityArgs): aws.cloudwatch.Dashboard {
    const { prefix, endpointName, functionName, recorderName, sweeperName, notifications, place } = args;
    const more = [
      ...(args.resultsCatalog ? resultsGraphs(prefix) : []),
      ...(args.stream ? streamGraphs(prefix) : []),
      ...(args.fastaDrop ? fastaGraphs(prefix) : []),
      ...(args.scan ? scanGraphs(prefix, place) : []),
      ...(args.api ? apiGraphs(prefix) : []),
    ];
    const { queueName, deadLetterQueueName } = notifications;
    const names = { endpointName, functionName, recorderName, sweeperName, queueName, deadLetterQueueName };
    const body = output({ region: place.region, ...names, more }).apply((known) =>
      JSON.stringify(dashboardBody(known)),
    );
    return new aws.cloudwatch.Dashboard(
      `${name}-dashboard`,
      { dashboardName: prefix, dashboardBody: body },
      { parent: this },
    );
  }
}

/** Allows the alarms of this stack to publish, and nobody else. */
function publishedByAlarms(topicArn: Input<string>, prefix: string, place: Place): aws.iam.PolicyDocument {
  return policyDocument({
    Sid: "PublishAlarms",
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: publishedBy(prefix, place),
  });
}

const CONSOLES: Readonly<Record<string, string>> = {
  aws: "console.aws.amazon.com",
  "aws-cn": "console.amazonaws.cn",
  "aws-us-gov": "console.amazonaws-us-gov.com",
};

function dashboardUrl({ partition, region }: Place, dashboardName: Output<string>): Output<string> {
  const console = partition.apply((name) => CONSOLES[name] ?? CONSOLES["aws"]);
  return interpolate`https://${region}.${console}/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboardName}`;
}
