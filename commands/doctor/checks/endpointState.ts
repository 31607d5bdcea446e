import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { findingsOf, reasonOf, type Finding } from "../../preflight/finding.js";
import { restoreCommand } from "../stackNames.js";

interface EndpointStateOptions {
  readonly stack: string;
  readonly endpoint: string;
  /** As it is configured. */
  readonly instanceType: string;
  readonly minCapacity: number;
  /** Name of the check. */
  readonly check: string;
}

/** What to do about a reason that SageMaker gives, by a part of its words. */
const FIXES: readonly (readonly [RegExp, (stack: string) => string])[] = [
  [
    /ResourceLimitExceeded|service limit|quota/i,
    (stack) => `npm run preflight -- --stack ${stack} prints the command that raises the quota: docs/runbook.md#quota`,
  ],
  [
    /access ?denied|not authorized|AssumeRole|permission/i,
    (stack) => `${restoreCommand(stack)} puts the rights of the role back: docs/runbook.md#access-denied`,
  ],
  [
    /manifest|media type|image|ECR|repository/i,
    (stack) => `pulumi stack output imageUri --stack ${stack} names the image: docs/runbook.md#image-rejected`,
  ],
  [
    /capacity/i,
    (stack) =>
      `pulumi up --stack ${stack}, later, or with another instanceType (pulumi config set instanceType TYPE) or region.`,
  ],
];

/** The log has the reason, such as a container that does not answer the health check in time. */
function seeLog(endpoint: string): string {
  return `aws logs tail /aws/sagemaker/Endpoints/${endpoint} --since 3h has the reason: docs/runbook.md#endpoint-wont-start`;
}

/** Statuses in which SageMaker works on the endpoint. */
const WORKING = ["Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"];

/**
 * Checks the endpoint: its status, the reason of a failure, its instances, and whether it has the configured type.
 */
export async function endpointState(
  sagemaker: SageMakerClient,
  options: EndpointStateOptions,
): Promise<readonly Finding[]> {
  const { stack, endpoint, minCapacity, check } = options;
  const { ok, bad } = findingsOf(check);
  const found = await sagemaker
    .send(new DescribeEndpointCommand({ EndpointName: endpoint }))
    .catch((error: unknown) => {
      if (error instanceof Error && /ValidationException|ResourceNotFound/.test(error.name)) return undefined;
      throw error;
    });
  if (found === undefined) {
    return [bad("fault", `There is no endpoint ${endpoint}: every job fails.`, restoreCommand(stack))];
  }
  const { EndpointStatus: status = "Unknown", FailureReason: reason, ProductionVariants: [variant] = [] } = found;
  const because = reason === undefined ? "" : ` SageMaker says: ${reason}`;
  if (WORKING.includes(status)) {
    const wait = `aws sagemaker wait endpoint-in-service --endpoint-name ${endpoint}`;
    return [bad("warning", `The endpoint is ${status}; that takes up to an hour.${because}`, wait)];
  }
  if (status !== "InService") {
    const fix = FIXES.find(([words]) => words.test(reason ?? ""))?.[1](stack) ?? seeLog(endpoint);
    return [bad("fault", `The endpoint is ${status}, and takes no jobs.${because}`, fix)];
  }
  const { CurrentInstanceCount: current = 0, DesiredInstanceCount: desired = current } = variant ?? {};
  const state =
    current === 0 && desired === 0 && minCapacity === 0
      ? ok("The endpoint is in service at zero instances: the first answer takes about ten minutes.")
      : current < desired
        ? bad(
            "warning",
            `${current} of ${desired} instance(s) run: a start takes about ten minutes.`,
            `If it takes longer: ${seeLog(endpoint)}`,
          )
        : ok(`The endpoint is in service with ${current} instance(s).`);
  return [state, ...(await typeFinding(sagemaker, found.EndpointConfigName, options))];
}

/** A finding where another type runs than is configured. */
async function typeFinding(
  sagemaker: SageMakerClient,
  configName: string | undefined,
  { stack, instanceType: configured, check }: EndpointStateOptions,
): Promise<Finding[]> {
  const { bad } = findingsOf(check);
  try {
    const { ProductionVariants: [variant] = [] } = await sagemaker.send(
      new DescribeEndpointConfigCommand({ EndpointConfigName: configName }),
    );
    const running = variant?.InstanceType;
    if (running === undefined || running === configured) return [];
    return [bad("warning", `It runs on ${running}, and ${configured} is configured.`, `pulumi up --stack ${stack}`)];
  } catch (error) {
    return [
      bad("unknown", `Its configuration was not read: ${reasonOf(error)}`, "Allow sagemaker:DescribeEndpointConfig."),
    ];
  }
}
