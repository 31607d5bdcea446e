import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import type { SourceSummary } from "../../../../contract/evidence.js";
import { ncbiKeyReader } from "../../../../lambda/evidence/sources/ncbiKey.js";
import { awsError } from "../../support/world.js";
import { PROTEIN, StillClock } from "./support/asking.js";
import { at, inWorld } from "./support/sourcesWorld.js";

describe("The key for NCBI", () => {
  const reader = (answer: object | Error) => {
    const ssm = new SSMClient({ region: "eu-west-1" });
    const mock = mockClient(ssm);
    const get = mock.on(GetParameterCommand);
    if (answer instanceof Error) get.rejects(answer);
    else get.resolves(answer);
    const clock = new StillClock();
    return { mock, clock, key: ncbiKeyReader(ssm, "/vep/ncbi-api-key", clock.now) };
  };

  it("is read decrypted, and again after five minutes", async () => {
    const { mock, clock, key } = reader({ Parameter: { Value: " abc " } });

    expect([await key(), await key()]).to.deep.equal(["abc", "abc"]);
    clock.time += 300_000;
    await key();

    expect(mock.calls().map(({ args: [command] }) => command.input)).to.deep.equal(
      Array(2).fill({ Name: "/vep/ncbi-api-key", WithDecryption: true }),
    );
  });

  it("is not asked for if there is no parameter", async () => {
    expect(await ncbiKeyReader(new SSMClient({ region: "eu-west-1" }), undefined, Date.now)()).to.equal(undefined);
  });

  for (const answer of [
    awsError("ParameterNotFound"),
    awsError("AccessDeniedException"),
    { Parameter: { Value: "" } },
  ]) {
    it(`makes its sources unavailable, by name, for ${answer instanceof Error ? answer.name : "an empty value"}`, () =>
      inWorld([], async (world) => {
        world.objects.set("evidence/w/protein.json", JSON.stringify(PROTEIN));
        const task = { task: "source", source: "clinvar", share_sequence: false };
        const places = { protein: at("evidence/w/protein.json"), output: at("evidence/w/a.json") };

        const summary = await world.run<SourceSummary>({ ...task, ...places }, { ncbiKey: reader(answer).key });

        expect(summary.status).to.equal("unavailable");
        expect(summary.reason).to.include("/vep/ncbi-api-key");
        expect(world.server.seen).to.deep.equal([]);
      }));
  }
});
