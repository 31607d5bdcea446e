import { expect } from "chai";
import { agentFaults } from "../../../components/config/agentFaults.js";

type Settings = Parameters<typeof agentFaults>[0];

const ISSUER = "https://issuer.example.org/.well-known/openid-configuration";

describe("agentFaults", () => {
  for (const settings of [
    {},
    { agentGateway: true },
    { agentGateway: true, agentGatewayIssuer: ISSUER, agentGatewayClients: ["a"] },
    { agentGateway: true, agentGatewayIssuer: ISSUER, agentGatewayAudiences: ["a"] },
  ] satisfies Settings[]) {
    it(`allows ${JSON.stringify(settings)}`, () => {
      expect(agentFaults(settings)).to.deep.equal([]);
    });
  }

  for (const [settings, key, value, fix] of [
    [{ agentGatewayIssuer: ISSUER }, "agentGatewayIssuer", ISSUER, "pulumi config set agentGateway true"],
    [{ agentGatewayClients: ["a", "b"] }, "agentGatewayClients", "a,b", "pulumi config set agentGateway true"],
    [
      { agentGateway: true, agentGatewayAudiences: ["vep"] },
      "agentGatewayAudiences",
      "vep",
      `pulumi config set agentGatewayIssuer ${ISSUER}`,
    ],
    [
      { agentGateway: true, agentGatewayIssuer: ISSUER },
      "agentGatewayIssuer",
      ISSUER,
      "pulumi config set agentGatewayAudiences vep",
    ],
  ] satisfies [Settings, string, string, string][]) {
    it(`refuses ${JSON.stringify(settings)}, and names key, value, what is allowed and the fix`, () => {
      const [fault, ...others] = agentFaults(settings);

      expect(others).to.deep.equal([]);
      expect(fault).to.include({ key, value, fix });
      expect(fault?.problem).to.match(/^allowed only with /);
    });
  }
});
