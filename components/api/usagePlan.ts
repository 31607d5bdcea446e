import * as aws from "@pulumi/aws";
import type { ComponentResource } from "@pulumi/pulumi";
import { BURST_REQUESTS, RATE_PER_SECOND } from "./limits.js";

export interface UsagePlanArgs {
  /** Names of the keys, one for each group of callers. */
  readonly apiKeys: readonly string[];
  /** Most requests of a key in one day. */
  readonly apiDailyQuota: number;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * API keys, each with its own rate and quota. A key says who is counted; it gives no right to call.
 *
 * @param parent the component that it belongs to
 * @param name first part of all names
 */
export function usagePlan(
  parent: ComponentResource,
  name: string,
  api: aws.apigateway.RestApi,
  stage: aws.apigateway.Stage,
  { apiKeys, apiDailyQuota, tags }: UsagePlanArgs,
): void {
  const plan = new aws.apigateway.UsagePlan(
    `${name}-plan`,
    {
      name,
      apiStages: [{ apiId: api.id, stage: stage.stageName }],
      throttleSettings: { rateLimit: RATE_PER_SECOND, burstLimit: BURST_REQUESTS },
      quotaSettings: { limit: apiDailyQuota, period: "DAY" },
      tags,
    },
    { parent },
  );
  for (const key of apiKeys) {
    const { id } = new aws.apigateway.ApiKey(`${name}-key-${key}`, { name: `${name}-${key}`, tags }, { parent });
    new aws.apigateway.UsagePlanKey(
      `${name}-plan-${key}`,
      { keyId: id, keyType: "API_KEY", usagePlanId: plan.id },
      { parent },
    );
  }
}
