import { text } from "./outputs.js";
import { rollbackAlarms, variantsOf } from "./references.js";
import type { CloudResource, CloudView } from "./cloudState.js";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const MODEL = "aws:sagemaker/model:Model";
const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";

const ACTION = "cloudwatch:DescribeAlarms";

interface Statement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/**
 * Why an endpoint with automatic rollback does not work: its execution role may not read the state of a rollback alarm.
 * AWS does not document whether the call fails, or only the rollback. Here the call fails.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
 */
export function unreadableAlarm(cloud: CloudView, { id, inputs }: CloudResource): string | undefined {
  const roles = executionRoles(cloud, text(inputs["endpointConfigName"]));
  const alarms = cloud.all(ALARM).filter(({ id: name }) => rollbackAlarms(inputs).includes(name));
  for (const { outputs } of alarms) {
    const arn = text(outputs["arn"]);
    if (!roles.every((role) => mayDescribe(cloud, role, arn))) {
      return `SageMaker Endpoint (${id}): ValidationException: the execution role may not call ${ACTION} on ${arn}`;
    }
  }
  return undefined;
}

function executionRoles(cloud: CloudView, configuration: string): string[] {
  return variantsOf(cloud.find(CONFIGURATION, configuration)?.inputs["productionVariants"]).map(({ modelName }) =>
    text(cloud.find(MODEL, text(modelName))?.inputs["executionRoleArn"]),
  );
}

function mayDescribe(cloud: CloudView, roleArn: string, alarmArn: string): boolean {
  const role = cloud.all(ROLE).find(({ outputs }) => outputs["arn"] === roleArn);
  return cloud
    .all(ROLE_POLICY)
    .filter(({ inputs }) => inputs["role"] === role?.id)
    .flatMap(({ inputs }) => (inputs["policy"] as { readonly Statement: readonly Statement[] }).Statement)
    .some(
      ({ Effect, Action, Resource }) => Effect === "Allow" && Action.includes(ACTION) && Resource.includes(alarmArn),
    );
}
