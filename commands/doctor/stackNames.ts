import { GetParametersByPathCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { PlannedStack } from "../preflight/plannedStack.js";

/** The names that a stack has in AWS. */
export interface StackNames {
  /** Name of the stack in Pulumi. */
  readonly stack: string;
  readonly prefix: string;
  readonly endpoint: string;
  /** Names of all functions. */
  readonly functions: readonly string[];
  /** Names of all log groups. */
  readonly logGroups: readonly string[];
  /** Names of all alarms: the fixed ones, and those to which Pulumi adds characters. */
  readonly alarms: readonly string[];
}

/** The names that a plan has; those that AWS generates are not in it. */
export function stackNames(stack: string, { resources, outputs }: PlannedStack): StackNames {
  const named = (type: string): string[] =>
    resources.flatMap((resource) => (resource.type === type ? [String(resource.inputs["name"])] : []));
  return {
    stack,
    prefix: String(outputs["resourcePrefix"]),
    endpoint: String(outputs["endpointName"]),
    functions: named("aws:lambda/function:Function"),
    logGroups: named("aws:cloudwatch/logGroup:LogGroup"),
    alarms: resources.flatMap(({ type, name, inputs: { name: fixed } }) =>
      type === "aws:cloudwatch/metricAlarm:MetricAlarm" ? [typeof fixed === "string" ? fixed : name] : [],
    ),
  };
}

/** The command that makes again what somebody deleted or changed by hand: without `--refresh`, Pulumi does not see that. */
export function restoreCommand(stack: string): string {
  return `pulumi up --refresh --stack ${stack}`;
}

/** What a deployed stack says about itself in Systems Manager. */
export interface Published {
  readonly jobTableName: string;
  readonly bucketName: string;
}

/**
 * Reads what a stack published when it was deployed.
 *
 * @returns undefined where it is not deployed
 */
export async function publishedNames(ssm: SSMClient, prefix: string): Promise<Published | undefined> {
  const path = `/${prefix}/sagemaker-async`;
  const { Parameters = [] } = await ssm.send(new GetParametersByPathCommand({ Path: path, Recursive: true }));
  const value = (name: string): string | undefined =>
    Parameters.find(({ Name }) => Name === `${path}/${name}`)?.Value ?? undefined;
  const [jobTableName, bucketName] = [value("job-table-name"), value("bucket-name")];
  return jobTableName === undefined || bucketName === undefined ? undefined : { jobTableName, bucketName };
}
