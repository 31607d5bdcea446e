import { expect } from "chai";
import { apiFaults } from "../../../components/config/apiFaults.js";

type Settings = Parameters<typeof apiFaults>[0];

const DEFAULTS = {
  api: false,
  apiAuth: "iam",
  apiCache: false,
  apiOrigins: [],
  apiKeys: [],
  apiDailyQuota: 10_000,
} as const;

describe("apiFaults", () => {
  for (const settings of [
    {},
    DEFAULTS,
    { ...DEFAULTS, network: "isolated" },
    { ...DEFAULTS, api: true, network: "isolated" },
    { ...DEFAULTS, api: true, apiAuth: "cognito", apiCache: true, apiOrigins: ["https://a.org"] },
    { ...DEFAULTS, api: true, apiKeys: ["lab"], apiDailyQuota: 5 },
  ] satisfies Settings[]) {
    it(`allows ${JSON.stringify(settings)}`, () => {
      expect(apiFaults(settings)).to.deep.equal([]);
    });
  }

  for (const [settings, key, value, fix] of [
    [{ apiAuth: "cognito" }, "apiAuth", "cognito", "pulumi config set api true"],
    [{ apiCache: true }, "apiCache", "true", "pulumi config set api true"],
    [
      { apiOrigins: ["https://a.org", "https://b.org"] },
      "apiOrigins",
      "https://a.org,https://b.org",
      "pulumi config set api true",
    ],
    [{ apiKeys: ["lab"] }, "apiKeys", "lab", "pulumi config set api true"],
    [{ api: true, apiDailyQuota: 5 }, "apiDailyQuota", "5", "pulumi config rm apiDailyQuota"],
    [{ api: true, apiAuth: "cognito", network: "isolated" }, "apiAuth", "cognito", "pulumi config set apiAuth iam"],
  ] satisfies [Settings, string, string, string][]) {
    it(`refuses ${JSON.stringify(settings)}, and names key, value, what is allowed and the fix`, () => {
      const [fault, ...others] = apiFaults({ ...DEFAULTS, ...settings });

      expect(others).to.deep.equal([]);
      expect(fault).to.include({ key, value, fix });
      expect(fault?.problem).to.match(/^allowed /);
    });
  }
});
