import { statementsOf, type Statement } from "../documents.js";
import { resourceRule, unless } from "../rule.js";

const AUTHORIZATION = "https://docs.aws.amazon.com/service-authorization/latest/reference";
const EXECUTION_ROLE = "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html";
const FUNCTION_IN_VPC = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html";

/**
 * Actions that AWS cannot limit to a resource, at least not for the purpose here, with the page that says so.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const WITHOUT_RESOURCE: ReadonlyMap<string, string> = new Map([
  // One token for the whole registry.
  ["ecr:GetAuthorizationToken", `${AUTHORIZATION}/list_amazonelasticcontainerregistry.html`],
  ["application-autoscaling:DescribeScalableTargets", `${AUTHORIZATION}/list_awsapplicationautoscaling.html`],
  ["batch:DescribeJobs", `${AUTHORIZATION}/list_awsbatch.html`],
  ["cloudwatch:PutMetricData", `${AUTHORIZATION}/list_amazoncloudwatch.html`],
  ["kinesis:ListStreams", `${AUTHORIZATION}/list_amazonkinesisdatastreams.html`],
  ["xray:PutTelemetryRecords", `${AUTHORIZATION}/list_awsx-ray.html`],
  ["xray:PutTraceSegments", `${AUTHORIZATION}/list_awsx-ray.html`],
  ["xray:GetSamplingRules", `${AUTHORIZATION}/list_awsx-ray.html`],
  ["xray:GetSamplingTargets", `${AUTHORIZATION}/list_awsx-ray.html`],
  // The token says which task.
  ["states:SendTaskFailure", `${AUTHORIZATION}/list_awsstepfunctions.html`],
  ["states:SendTaskSuccess", `${AUTHORIZATION}/list_awsstepfunctions.html`],
  // Deliveries of the logs of state machines have no name.
  ...["CreateLogDelivery", "DeleteLogDelivery", "GetLogDelivery", "ListLogDeliveries", "UpdateLogDelivery"].map(
    (action) => [`logs:${action}`, `${AUTHORIZATION}/list_amazoncloudwatchlogs.html`] as const,
  ),
  ["logs:DescribeResourcePolicies", `${AUTHORIZATION}/list_amazoncloudwatchlogs.html`],
  ["logs:PutResourcePolicy", `${AUTHORIZATION}/list_amazoncloudwatchlogs.html`],
  // Network interfaces that a service creates: they have no name in advance.
  ["logs:DescribeLogGroups", `${AUTHORIZATION}/list_amazoncloudwatchlogs.html`],
  ["ec2:CreateNetworkInterface", EXECUTION_ROLE],
  ["ec2:CreateNetworkInterfacePermission", EXECUTION_ROLE],
  ["ec2:DeleteNetworkInterface", EXECUTION_ROLE],
  ["ec2:DeleteNetworkInterfacePermission", EXECUTION_ROLE],
  ["ec2:AssignPrivateIpAddresses", FUNCTION_IN_VPC],
  ["ec2:UnassignPrivateIpAddresses", FUNCTION_IN_VPC],
  ...["DhcpOptions", "NetworkInterfaces", "SecurityGroups", "Subnets", "VpcEndpoints", "Vpcs"].map(
    (what) => [`ec2:Describe${what}`, `${AUTHORIZATION}/list_amazonec2.html`] as const,
  ),
]);

/** Wildcards from the guides of AWS: no other name covers all variants of the action. */
const ACTION_WILDCARDS: ReadonlySet<string> = new Set(["kms:GenerateDataKey*", "kms:ReEncrypt*"]);

/** Managed policies of AWS that grant all of one service, or of every service. */
const BROAD_MANAGED_POLICY = /:aws:policy\/(?:.*\/)?(?:AdministratorAccess|PowerUserAccess|\w*FullAccess)$/;

/** Roles name the actions and the resources that they need. */
export const leastPrivilege = resourceRule(
  {
    name: "least-privilege",
    description:
      "Statements name their actions and resources; `*` only for actions that cannot be limited to a resource",
    severity: "high",
    fix: "Name each action, and the ARN (or its prefix) of each resource.",
  },
  {
    "aws:iam/policy:Policy": ({ policy }) => statementsOf(policy).flatMap(tooBroad),
    "aws:iam/role:Role": ({ inlinePolicies }) =>
      (inlinePolicies ?? []).flatMap(({ policy }) =>
        policy === undefined ? [] : statementsOf(policy).flatMap(tooBroad),
      ),
    "aws:iam/rolePolicy:RolePolicy": ({ policy }) => statementsOf(policy).flatMap(tooBroad),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ({ policyArn }) =>
      unless(
        !BROAD_MANAGED_POLICY.test(policyArn),
        `${policyArn} grants a whole service: write an own policy for the role.`,
      ),
  },
);

/** No role may create log groups. */
export const noLogGroupCreation = resourceRule(
  {
    name: "no-log-group-creation",
    description: "No role may create log groups: a late writer would create a deleted group again, without retention",
    severity: "medium",
    fix: "Grant logs:CreateLogStream and logs:PutLogEvents on a group that the stack creates.",
  },
  {
    "aws:iam/policy:Policy": ({ policy }) => statementsOf(policy).flatMap(createsLogGroups),
    "aws:iam/rolePolicy:RolePolicy": ({ policy }) => statementsOf(policy).flatMap(createsLogGroups),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ({ policyArn }) =>
      unless(
        !/:aws:policy\/service-role\/AWSLambda\w*ExecutionRole$/.test(policyArn),
        `${policyArn} may create log groups: write an own policy for the role.`,
      ),
  },
);

function tooBroad(statement: Statement): readonly string[] {
  if (!statement.allows) return [];
  const { label, actions, resources } = statement;
  return [
    ...unless(!statement.notActions, `Statement ${label} allows all actions except some: name those that are allowed.`),
    ...unless(
      !statement.notResources,
      `Statement ${label} allows all resources except some: name those that are allowed.`,
    ),
    ...actions
      .filter((action) => action.includes("*") && !ACTION_WILDCARDS.has(action))
      .map((action) => `Statement ${label} allows ${action}: name each action.`),
    ...resources
      .filter(isAnything)
      .flatMap((resource) =>
        actions
          .filter((action) => !WITHOUT_RESOURCE.has(action))
          .map((action) => `Statement ${label} allows ${action} on ${resource}: name its resources.`),
      ),
  ];
}

/** Whether a resource is `*`, or an ARN with `*` for the whole resource: `arn:aws:s3:::*`, `arn:aws:ec2:...:*\/*`. */
export function isAnything(resource: string): boolean {
  return resource === "*" || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:\*(?:\/\*)?$/.test(resource);
}

function createsLogGroups({ label, allows, actions, notActions }: Statement): readonly string[] {
  const creates = actions.some((action) => /^logs:(?:Create(?:LogGroup|\*)|\*)$/i.test(action) || action === "*");
  return unless(!allows || (!creates && !notActions), `Statement ${label} allows logs:CreateLogGroup: remove it.`);
}
