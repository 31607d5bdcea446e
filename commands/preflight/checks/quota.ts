import {
  paginateListAWSDefaultServiceQuotas,
  paginateListServiceQuotas,
  type ServiceQuota,
  type ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { findingsOf, type Finding } from "../finding.js";

/**
 * Checks the quota of instances of the chosen type for endpoints. An update starts one new instance beside the running
 * ones, so the quota must cover both fleets. It is 0 for GPU types in new accounts.
 *
 * @param options.mostInstances largest number of instances that scaling may start
 */
export async function endpointQuota(
  quotas: ServiceQuotasClient,
  options: { readonly instanceType: string; readonly mostInstances: number; readonly region: string },
): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("endpoint quota");
  const { instanceType, mostInstances, region } = options;
  const name = `${instanceType} for endpoint usage`;
  const needed = mostInstances + 1;
  const quota = await findQuota(quotas, "sagemaker", name);
  if (quota === undefined) {
    return [bad("fault", `SageMaker has no quota '${name}' in ${region}.`, otherType(region))];
  }
  const value = quota.Value ?? 0;
  const fix = increase("sagemaker", quota, needed, region);
  if (value < 1) {
    return [bad("fault", `'${name}' is ${value}: no endpoint can start. An increase takes hours to days.`, fix)];
  }
  if (value < 2) {
    return [bad("warning", `'${name}' is ${value}: the first up works, but an update starts a second fleet.`, fix)];
  }
  if (value < needed) {
    const sentence = `'${name}' is ${value}: ${mostInstances} instances and an update's new one need ${needed}.`;
    return [bad("warning", sentence, fix)];
  }
  return [ok(`'${name}' is ${value}; ${needed} are needed. The account's other endpoints share the quota.`)];
}

/**
 * Checks the quota of builds in CodeBuild. New accounts have as few as 1, and some have 0.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html
 */
export async function buildQuota(quotas: ServiceQuotasClient, region: string): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("build quota");
  const name = "Concurrently running builds for Linux/Medium environment";
  const quota = await findQuota(quotas, "codebuild", name);
  if (quota === undefined) {
    const fix = "pulumi config set imageBuild local, or another region.";
    return [bad("fault", `CodeBuild has no quota '${name}' in ${region}.`, fix)];
  }
  const value = quota.Value ?? 0;
  if (value >= 1) return [ok(`'${name}' is ${value}; 1 is needed. The account's other builds share the quota.`)];
  return [bad("fault", `'${name}' is ${value}: no build can start.`, increase("codebuild", quota, 1, region))];
}

/** The quota that applies to the account, else the default of AWS. */
async function findQuota(
  client: ServiceQuotasClient,
  service: string,
  name: string,
): Promise<ServiceQuota | undefined> {
  for (const pages of [paginateListServiceQuotas, paginateListAWSDefaultServiceQuotas]) {
    for await (const { Quotas: quotas } of pages({ client }, { ServiceCode: service, MaxResults: 100 })) {
      const found = quotas?.find(({ QuotaName: quotaName }) => quotaName === name);
      if (found) return found;
    }
  }
  return undefined;
}

/** The command that asks for a higher quota. */
function increase(service: string, { QuotaCode: code = "" }: ServiceQuota, wanted: number, region: string): string {
  return (
    `aws service-quotas request-service-quota-increase --service-code ${service} ` +
    `--quota-code ${code} --desired-value ${wanted} --region ${region}`
  );
}

function otherType(region: string): string {
  return (
    `pulumi config set instanceType TYPE, one of: aws service-quotas list-service-quotas --service-code sagemaker ` +
    `--region ${region} --query "Quotas[?ends_with(QuotaName, 'for endpoint usage')].[QuotaName,Value]"`
  );
}
