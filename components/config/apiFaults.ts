import { removeCommand, setCommand, type ConfigFault } from "./faults.js";
import type { StackSettings } from "./keys.js";

type ApiSettings = Partial<
  Pick<StackSettings, "api" | "apiAuth" | "apiCache" | "apiOrigins" | "apiKeys" | "apiDailyQuota" | "network">
>;

/** The default of Pulumi.yaml: Pulumi does not say whether a value is one. */
const DAILY_QUOTA = 10_000;

/** Faults between the keys of the HTTP API: keys that need another key, and keys that exclude one. */
export function apiFaults(settings: ApiSettings): ConfigFault[] {
  const { api = false, apiAuth = "iam", apiOrigins = [], apiKeys = [], apiDailyQuota = DAILY_QUOTA } = settings;
  const given = {
    apiAuth: apiAuth === "iam" ? "" : apiAuth,
    apiCache: settings.apiCache === true ? "true" : "",
    apiOrigins: apiOrigins.join(","),
    apiKeys: apiKeys.join(","),
    apiDailyQuota: apiDailyQuota === DAILY_QUOTA ? "" : String(apiDailyQuota),
  };
  if (!api) {
    return Object.entries(given)
      .filter(([, value]) => value !== "")
      .map(([key, value]) => ({ key, value, problem: "allowed only with api true", fix: setCommand("api", "true") }));
  }
  const faults: ConfigFault[] = [];
  if (given.apiDailyQuota !== "" && apiKeys.length === 0) {
    const problem = "allowed only with apiKeys: a quota is that of an API key";
    faults.push({ key: "apiDailyQuota", value: given.apiDailyQuota, problem, fix: removeCommand("apiDailyQuota") });
  }
  if (apiAuth === "cognito" && settings.network === "isolated") {
    const problem = "allowed is iam with network isolated: Cognito gives tokens on the internet only";
    faults.push({ key: "apiAuth", value: apiAuth, problem, fix: setCommand("apiAuth", "iam") });
  }
  return faults;
}
