import { ecrImage } from "../../components/shared/imageReference.js";
import { projectName } from "../../local/program/stackConfig.js";
import { apiLogs } from "./checks/apiLogs.js";
import { concurrency } from "./checks/concurrency.js";
import { prebuilt } from "./checks/prebuilt.js";
import { endpointQuota } from "./checks/quota.js";
import type { Clients } from "./clients.js";
import type { Check } from "./finding.js";
import { settingsOf, type ModelSettings } from "./settings.js";

/** What the checks of an account need. */
export interface AccountCheckOptions {
  /** Namespaced configuration, see `stackConfig`. */
  readonly config: Readonly<Record<string, string>>;
  readonly region: string;
  readonly clients: Clients;
}

/** Checks of the account that hold before a deployment and after it: those of preflight and doctor. */
export function accountChecks({ config, region, clients }: AccountCheckOptions): Check[] {
  const { models, reservedConcurrency: reserved, api } = settingsOf(config, projectName());
  const quotas = instanceTypesOf(models).map((instanceType) => {
    const mostInstances = models.reduce(
      (sum, one) => sum + (one.instanceType === instanceType ? one.maxCapacity : 0),
      0,
    );
    const run = () => endpointQuota(clients.quotas, { instanceType, mostInstances, region });
    return { name: "endpoint quota", run };
  });
  const images = models.flatMap(({ imageUri }) => {
    const image = ecrImage(imageUri);
    if (image === undefined) return [];
    return [{ name: "prebuilt image", run: () => prebuilt(clients.ecr, { imageUri, image, region }) }];
  });
  return [
    ...quotas,
    { name: "Lambda concurrency", run: () => concurrency(clients.lambda, { reserved, region }) },
    ...(api ? [{ name: "logs of API Gateway", run: () => apiLogs(clients.apiGateway, region) }] : []),
    ...images,
  ];
}

/** The instance types of all model versions, each once. */
export function instanceTypesOf(models: readonly ModelSettings[]): string[] {
  return [...new Set(models.map(({ instanceType }) => instanceType))];
}
