import type { Cloud } from "../provider/cloud.js";
import { text } from "../provider/outputs.js";

type Options = Readonly<Record<string, string>>;

/** What one command of the AWS CLI does in the simulated cloud; returns the ids that it prints. */
type Command = (cloud: Cloud, options: Options) => string[] | undefined;

/** Deletes the resource whose id is in an option, or in several with a colon between them. */
const deletes =
  (type: string, ...options: readonly string[]): Command =>
  (cloud, given) => {
    cloud.delete({ type, name: "", id: options.map((option) => text(given[option])).join(":") });
    return undefined;
  };

/** Prints the ids of the resources that have the value of an option, without those that the query leaves out. */
const lists =
  (type: string, input: string, option: string): Command =>
  (cloud, given) =>
    cloud
      .all(type)
      .filter(({ id, inputs }) => inputs[input] === given[option] && !given["query"]?.includes(`'${id}'`))
      .map(({ id }) => id);

/** Types by the name of the Resource Groups Tagging API. */
const TAGGED: Readonly<Record<string, readonly string[]>> = {
  "ec2:route-table": ["aws:ec2/routeTable:RouteTable"],
  "ec2:security-group": ["aws:ec2/securityGroup:SecurityGroup"],
  "ec2:security-group-rule": [
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  ],
  "ec2:subnet": ["aws:ec2/subnet:Subnet"],
  "ec2:vpc": ["aws:ec2/vpc:Vpc"],
  "ec2:vpc-endpoint": ["aws:ec2/vpcEndpoint:VpcEndpoint"],
  "kms:key": ["aws:kms/key:Key"],
};

const QUEUE = "aws:sqs/queue:Queue";

const COMMANDS: Readonly<Record<string, Command>> = {
  "application-autoscaling delete-scheduled-action": deletes(
    "aws:appautoscaling/scheduledAction:ScheduledAction",
    "scheduled-action-name",
  ),
  "application-autoscaling delete-scaling-policy": deletes("aws:appautoscaling/policy:Policy", "policy-name"),
  "cloudwatch delete-alarms": deletes("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm-names"),
  "dynamodb delete-table": deletes("aws:dynamodb/table:Table", "table-name"),
  "dynamodb update-table": (cloud, { "table-name": name }) => {
    const table = cloud.find("aws:dynamodb/table:Table", text(name));
    if (table) table.inputs["deletionProtectionEnabled"] = false;
    return undefined;
  },
  "ec2 delete-route-table": deletes("aws:ec2/routeTable:RouteTable", "route-table-id"),
  "ec2 delete-security-group": deletes("aws:ec2/securityGroup:SecurityGroup", "group-id"),
  "ec2 delete-subnet": deletes("aws:ec2/subnet:Subnet", "subnet-id"),
  "ec2 delete-vpc": deletes("aws:ec2/vpc:Vpc", "vpc-id"),
  "ec2 delete-vpc-endpoints": deletes("aws:ec2/vpcEndpoint:VpcEndpoint", "vpc-endpoint-ids"),
  "ec2 describe-route-tables": (cloud, { "route-table-ids": table, query }) =>
    cloud
      .all("aws:ec2/routeTableAssociation:RouteTableAssociation")
      .filter(({ inputs }) => inputs["routeTableId"] === table && query?.includes(`'${text(inputs["subnetId"])}'`))
      .map(({ id }) => id),
  "ec2 disassociate-route-table": deletes("aws:ec2/routeTableAssociation:RouteTableAssociation", "association-id"),
  "ec2 revoke-security-group-egress": deletes(TAGGED["ec2:security-group-rule"]?.[0] ?? "", "security-group-rule-ids"),
  "ec2 revoke-security-group-ingress": deletes(TAGGED["ec2:security-group-rule"]?.[1] ?? "", "security-group-rule-ids"),
  "ecr batch-delete-image": (cloud, { "repository-name": repository = "", "image-ids": tag = "" }) => {
    const reference = `/${repository}:${tag.replace("imageTag=", "")}`;
    const type = "docker-build:index:Image";
    for (const { id, inputs } of cloud.all(type)) {
      if ((inputs["tags"] as string[]).some((one) => one.endsWith(reference))) cloud.delete({ type, name: "", id });
    }
    return undefined;
  },
  "ecr delete-repository": deletes("aws:ecr/repository:Repository", "repository-name"),
  "events delete-rule": deletes("aws:cloudwatch/eventRule:EventRule", "name"),
  "iam delete-role": deletes("aws:iam/role:Role", "role-name"),
  "iam delete-role-policy": deletes("aws:iam/rolePolicy:RolePolicy", "role-name", "policy-name"),
  "kms schedule-key-deletion": deletes("aws:kms/key:Key", "key-id"),
  "lambda delete-event-source-mapping": deletes("aws:lambda/eventSourceMapping:EventSourceMapping", "uuid"),
  "lambda delete-function": deletes("aws:lambda/function:Function", "function-name"),
  "lambda list-event-source-mappings": lists(
    "aws:lambda/eventSourceMapping:EventSourceMapping",
    "functionName",
    "function-name",
  ),
  "lambda remove-permission": deletes("aws:lambda/permission:Permission", "statement-id"),
  "logs delete-query-definition": deletes("aws:cloudwatch/queryDefinition:QueryDefinition", "query-definition-id"),
  "logs describe-query-definitions": lists(
    "aws:cloudwatch/queryDefinition:QueryDefinition",
    "name",
    "query-definition-name-prefix",
  ),
  "logs delete-log-group": deletes("aws:cloudwatch/logGroup:LogGroup", "log-group-name"),
  "resourcegroupstaggingapi get-resources": (cloud, { "resource-type-filters": kind = "", query }) =>
    (TAGGED[kind] ?? [])
      .flatMap((type) => cloud.all(type))
      .map(({ id }) => id)
      .filter((id) => !query?.includes(`'/${id}'`)),
  "s3api delete-bucket": deletes("aws:s3/bucket:Bucket", "bucket"),
  "sagemaker delete-endpoint": deletes("aws:sagemaker/endpoint:Endpoint", "endpoint-name"),
  "sagemaker delete-endpoint-config": deletes(
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    "endpoint-config-name",
  ),
  "sagemaker delete-model": deletes("aws:sagemaker/model:Model", "model-name"),
  "sagemaker wait": (cloud) => {
    cloud.settle();
    return undefined;
  },
  "sns delete-topic": deletes("aws:sns/topic:Topic", "topic-arn"),
  "sns list-topics": (cloud, { query }) =>
    cloud
      .all("aws:sns/topic:Topic")
      .map(({ id }) => id)
      .filter((id) => query?.includes(`':${id.split(":").at(-1) ?? ""}'`)),
  "sqs delete-queue": deletes(QUEUE, "queue-url"),
  "sqs get-queue-url": lists(QUEUE, "name", "queue-name"),
  "ssm delete-parameter": deletes("aws:ssm/parameter:Parameter", "name"),
};

/**
 * Runs commands of the AWS CLI in the simulated cloud. In a command, `ID` is each id that the command before it printed.
 *
 * @throws RangeError for a command without an entry in the table; CloudError where AWS rejects the call
 */
export function runAwsCli(cloud: Cloud, lines: readonly string[]): void {
  let printed: string[] = [];
  for (const line of lines) {
    const { command, options } = parsed(line);
    const run = COMMANDS[command];
    if (!run) throw unknown(command);
    const ids = Object.values(options).includes("ID") ? printed : [""];
    printed = ids.flatMap((id) => run(cloud, withId(options, id)) ?? []);
  }
}

/**
 * Whether the simulated cloud knows the commands of lines.
 *
 * @throws RangeError for the first command without an entry in the table
 */
export function expectKnown(lines: readonly string[]): void {
  for (const { command } of lines.map(parsed)) if (!COMMANDS[command]) throw unknown(command);
}

function unknown(command: string): RangeError {
  return new RangeError(`'aws ${command}' does nothing in the simulated cloud; add it to the table.`);
}

function withId(options: Options, id: string): Options {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, value === "ID" ? id : value]));
}

/** `aws sns delete-topic --topic-arn X`: the service with its operation, and the options. */
function parsed(line: string): { command: string; options: Options } {
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  const options: Record<string, string> = {};
  for (const [index, word] of words.entries()) {
    if (word.startsWith("--")) options[word.slice(2)] = words[index + 1] ?? "";
  }
  return { command: words.slice(1, 3).join(" "), options };
}
