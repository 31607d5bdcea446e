import { expect } from "chai";
import { faults, given } from "./support/configuration.js";

const ON = { evidence: "true" };

describe("The keys of sources of evidence", () => {
  for (const values of [
    ON,
    { ...ON, ncbiApiKeyParameter: "/vep/ncbi-api-key" },
    { ...ON, ncbiApiKeyParameter: "ncbi.key_1", evidenceContact: "a.b+c@lab.example.org" },
  ]) {
    it(`take ${JSON.stringify(values)}`, async () => {
      await given(values);

      expect(faults()).to.deep.equal([]);
    });
  }

  for (const [key, value] of [
    ["ncbiApiKeyParameter", "/aws/reference/x"],
    ["ncbiApiKeyParameter", "ssm-x"],
    ["ncbiApiKeyParameter", "a b"],
    ["ncbiApiKeyParameter", "/a//b"],
    ["ncbiApiKeyParameter", "arn:aws:ssm:eu-west-1:1:parameter/x"],
    ["ncbiApiKeyParameter", "a*"],
    ["evidenceContact", "name"],
    ["evidenceContact", "a@b.org, c@d.org"],
    ["evidenceContact", "a@b.org; x"],
  ] as const) {
    it(`refuse ${key} '${value}'`, async () => {
      await given({ ...ON, [key]: value });

      expect(faults().map((fault) => [fault.key, fault.value])).to.deep.equal([[key, value]]);
    });
  }

  it("are refused without evidence, each with the command that fixes it", async () => {
    await given({ ncbiApiKeyParameter: "/vep/key", evidenceContact: "name@example.org" });

    expect(faults().map(({ key, fix }) => [key, fix])).to.deep.equal([
      ["ncbiApiKeyParameter", "pulumi config set evidence true"],
      ["evidenceContact", "pulumi config set evidence true"],
    ]);
  });
});
