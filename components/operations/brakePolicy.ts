import type { iam } from "@pulumi/aws";
import { interpolate, type Input } from "@pulumi/pulumi";
import { BRAKE_KEY } from "../../contract/brake.js";
import { endpointArn, type Place } from "../shared/place.js";
import { allow, policyDocument, running } from "../shared/policies.js";

/**
 * The permissions of the function of the brake: read its queue, keep its item of the ledger, and change the limits of the
 * scalable targets of the stack.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_id-based-policy-examples.html
 */
export function brakePolicy(args: {
  readonly place: Place;
  readonly endpointName: string;
  /** Model versions beside `base`. */
  readonly versions: readonly { readonly endpointName: string }[];
  readonly tags: Readonly<Record<"Project" | "Stack", string>>;
  readonly queueArn: Input<string>;
  readonly tableArn: Input<string>;
  readonly logGroupArn: Input<string>;
}): iam.PolicyDocument {
  const { place, tags } = args;
  const { account, partition, region } = place;
  return policyDocument(
    // Lambda reads the queue with the role of the function.
    allow({
      sid: "ReadQueue",
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: [args.queueArn],
    }),
    allow({
      sid: "KeepBrake",
      actions: ["dynamodb:GetItem", "dynamodb:PutItem"],
      resources: [args.tableArn],
      conditions: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [BRAKE_KEY] } },
    }),
    // A scalable target gets its id from AWS: it is limited by the tags of the stack.
    allow({
      sid: "LimitInstances",
      actions: ["application-autoscaling:RegisterScalableTarget"],
      resources: [interpolate`arn:${partition}:application-autoscaling:${region}:${account}:scalable-target/*`],
      conditions: {
        StringEquals: {
          "application-autoscaling:service-namespace": "sagemaker",
          "aws:ResourceTag/Project": tags.Project,
          "aws:ResourceTag/Stack": tags.Stack,
        },
      },
    }),
    // Lists of scalable targets have no ARN: the action cannot be limited to a resource.
    allow({
      sid: "SeeLimits",
      actions: ["application-autoscaling:DescribeScalableTargets"],
      resources: ["*"],
    }),
    // Application Auto Scaling asks whether the caller may see and change the endpoint.
    allow({
      sid: "ChangeInstances",
      actions: ["sagemaker:DescribeEndpoint", "sagemaker:UpdateEndpointWeightsAndCapacities"],
      resources: [args, ...args.versions].map(({ endpointName }) => endpointArn(endpointName, place)),
    }),
    ...running(args.logGroupArn),
  );
}
