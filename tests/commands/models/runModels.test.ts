import { LambdaClient, GetFunctionCommand } from "@aws-sdk/client-lambda";
import { GetParameterCommand, GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";
import { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { runModels, type ModelsOptions } from "../../../commands/models/runModels.js";
import type { ModelAction } from "../../../commands/models/actions.js";
import type { VersionComparison } from "../../../commands/models/versionComparison.js";
import { LocalStore } from "../../../commands/query/localStore.js";
import { JOB_ENVIRONMENT, MODELS_ENVIRONMENT } from "../../../contract/environment.js";
import { FIRST_POINTER, modelParameters, type VersionRecord } from "../../../contract/models.js";
import { jobOf, store } from "../../lambda/results/support/endedJobs.js";
import { FakeBucket } from "../../lambda/results/support/fakeBucket.js";
import { variedEffects } from "../../lambda/support/results.js";
import { printed, type Printed } from "../../support/printed.js";
import { copyOf, remove } from "../query/support/storeCopy.js";
import { FakeAthena } from "./support/fakeAthena.js";
import { FakePulumi } from "./support/fakePulumi.js";

const PREFIX = "dev-protein-agent";
const FUNCTION = `${PREFIX}-async-endpoint-lambda`;
const DIGESTS = {
  base: `sha256:${"a".repeat(64)}`,
  v2: `sha256:${"b".repeat(64)}`,
  v3: `sha256:${"c".repeat(64)}`,
} as const;

const LIST = [
  { name: "v2", modelId: "owner/v2" },
  { name: "v3", modelId: "owner/v3" },
];
const AS_LIST = JSON.stringify({ value: JSON.stringify(LIST), objectValue: LIST, secret: false });

/** The record of a version in the registry. */
function recordOf(name: keyof typeof DIGESTS): VersionRecord {
  return {
    name,
    image_digest: DIGESTS[name],
    model_version: DIGESTS[name],
    image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/${name}@${DIGESTS[name]}`,
    model_id: `owner/${name}`,
    revision: "main",
    endpoint: `${PREFIX}-model-${name}-endpoint`,
    instance_type: "ml.g6.2xlarge",
    min_capacity: 0,
    max_capacity: 2,
  };
}

/** The commands against a stack in AWS with three versions, of which the first is active. */
describe("vep models on a stack in AWS", () => {
  const [ssm, lambda, documents] = [
    mockClient(SSMClient),
    mockClient(LambdaClient),
    mockClient(DynamoDBDocumentClient),
  ];
  const records = (["base", "v2", "v3"] as const).map(recordOf);
  let pulumi: FakePulumi | undefined;

  beforeEach(() => {
    for (const mock of [ssm, lambda, documents]) mock.reset();
    const Parameters = records.map((record) => ({ Name: record.name, Value: JSON.stringify(record) }));
    ssm.on(GetParametersByPathCommand).resolves({});
    ssm.on(GetParametersByPathCommand, { Path: modelParameters.versions(PREFIX) }).resolves({ Parameters });
    ssm.on(GetParameterCommand).resolves({ Parameter: { Value: JSON.stringify(FIRST_POINTER) } });
    const served = records.map(({ name, endpoint, model_id: model, revision, model_version: digest }) => ({
      ...{ name, endpoint, model, revision, digest, most: 2 },
    }));
    const Variables = {
      [MODELS_ENVIRONMENT.versions]: JSON.stringify(served),
      [JOB_ENVIRONMENT.jobTableName]: "jobs",
    };
    lambda.on(GetFunctionCommand).resolves({ Configuration: { Environment: { Variables } } });
    documents.on(QueryCommand).resolves({ Items: [] });
  });

  afterEach(() => {
    pulumi?.remove();
    pulumi = undefined;
  });

  after(() => {
    for (const mock of [ssm, lambda, documents]) mock.restore();
  });

  /** Runs the command on the stack `dev`, whose `models` the CLI prints like this. */
  async function retired(name: string, models: string): Promise<{ error: string; text: string; changes: string[] }> {
    pulumi = new FakePulumi(FUNCTION, models);
    let error = "";
    const { text } = await printed(() =>
      runModels("retire", [name], { stack: "dev" }).catch((thrown: unknown) => {
        error = String(thrown);
        return 1;
      }),
    );
    return { error, text, changes: pulumi.changes };
  }

  const run = (action: ModelAction, names: readonly string[], options: ModelsOptions = {}): Promise<Printed> =>
    printed(() => runModels(action, names, { lambdaFunction: FUNCTION, ...options }));

  it("takes a version out of the list of the stack's configuration", async () => {
    const { text, changes } = await retired("v3", AS_LIST);

    expect(changes).to.deep.equal(["config rm --path models[1] --stack dev"]);
    expect(text).to.equal(
      "v3 is no longer in the configuration; pulumi up --stack dev deletes its endpoint. Its results stay readable.",
    );
  });

  it("takes the named version, though the configuration has changed since it was deployed", async () => {
    const list = [{ name: "v4" }, { name: "v2" }];
    const config = JSON.stringify({ value: JSON.stringify(list), objectValue: list });

    expect((await retired("v2", config)).changes).to.deep.equal(["config rm --path models[1] --stack dev"]);
  });

  it("changes nothing where the version has left the configuration already", async () => {
    const list = [{ name: "v3" }];
    const config = JSON.stringify({ value: JSON.stringify(list), objectValue: list });

    const { error, changes } = await retired("v2", config);

    expect(error).to.include("the configuration has no version 'v2' any more: run pulumi up --stack dev");
    expect(changes).to.deep.equal([]);
  });

  it("writes a configuration that has the list as a text", async () => {
    const { changes } = await retired("v2", JSON.stringify({ value: JSON.stringify(LIST), secret: false }));

    expect(changes).to.deep.equal(['config set models [{"name":"v3","modelId":"owner/v3"}] --stack dev']);
  });

  it("retires no version with jobs that have not ended", async () => {
    documents.on(QueryCommand, { ExpressionAttributeValues: { ":state": "waiting" } }).resolves({
      Items: [{ model_version: "v2" }, { model_version: "v3" }],
    });

    const { error, changes } = await retired("v2", AS_LIST);

    expect(error).to.include("1 job(s) of v2 have not ended");
    expect(changes).to.deep.equal([]);
  });

  it("prints what takes a version out where no stack is named", async () => {
    expect((await run("retire", ["v3"])).text).to.equal("pulumi config rm --path 'models[1]' && pulumi up");
  });

  it("compares two versions with Athena: all pages of both queries", async () => {
    const bucket = new FakeBucket();
    const same = variedEffects(12, { timing: { compute_s: 3 } });
    const turned = { ...same, heatmap: same.heatmap.map((row) => row.map((llr) => (llr === null ? null : -llr))) };
    await store(bucket, jobOf(same, { image_digest: DIGESTS.base }), same);
    await store(bucket, jobOf(turned, { image_digest: DIGESTS.v2 }), turned);
    const dir = copyOf(bucket);
    const copy = await LocalStore.open(dir);
    const athena = new FakeAthena(copy);
    const workgroup = `${PREFIX}-results`;

    const { text } = await run("compare", ["base", "v2"], { workgroup, json: true });
    athena.restore();
    copy.close();
    remove(dir);

    const { source, scores, work } = JSON.parse(text) as VersionComparison;
    expect(source).to.equal(`the result store (${workgroup})`);
    expect(scores.proteins.map(({ compared }) => compared)).to.deep.equal([19 * 12]);
    expect(scores.mean_spearman).to.be.closeTo(-1, 1e-9);
    expect(work.b).to.include({ attempts: 1, completed: 1, p50_seconds: 60.5, gpu_seconds_per_1000_residues: 250 });
    const where = [workgroup, "dev_protein_agent_results"];
    expect(athena.queries).to.deep.equal([where, where]);
  });
});
