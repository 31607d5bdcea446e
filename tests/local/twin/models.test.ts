import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "chai";
import { predict } from "../../../client/predict.js";
import { wholeResult } from "../../../client/results.js";
import { ToolsClient } from "../../../client/tools.js";
import { activate, ActivationRefusedError, rollback } from "../../../commands/models/activate.js";
import { fromLedger } from "../../../commands/models/ledgerComparison.js";
import { retirementFaults } from "../../../commands/models/retireVersion.js";
import { stackAccess, type StackAccess } from "../../../commands/models/stackAccess.js";
import { versionComparison } from "../../../commands/models/versionComparison.js";
import type { LedgerItem } from "../../../contract/jobs.js";
import type { VersionFigures } from "../../../contract/models.js";
import { syntheticCheckpoint } from "../../../local/model.js";
import { startTwin, type Twin } from "../../../local/twin/start.js";
import { MODEL_DIR, prepareCheckpoint } from "./support/sharedTwin.js";
import { until } from "./support/until.js";

const PROTEIN = "MKTVRQERLKSIVRILERSK";
const CHANGE = { margin: 0.02, reason: "test" };

/** Two model versions, each with a real model server, behind one function. */
describe("model versions on the twin", () => {
  let twin: Twin;
  let tools: ToolsClient;
  let s3: S3Client;
  let access: StackAccess;

  before(async function () {
    this.timeout(180_000);
    prepareCheckpoint();
    twin = await startTwin({
      modelDir: MODEL_DIR,
      models: { "chandar-lab/AMPLIFY_120M": await syntheticCheckpoint(undefined, { seed: 1 }) },
      config: { models: JSON.stringify([{ name: "v2", modelId: "chandar-lab/AMPLIFY_120M" }]) },
    });
    const functionName = String(twin.outputs["lambdaFunctionName"]);
    tools = new ToolsClient(new LambdaClient(twin.clientConfig), functionName);
    s3 = new S3Client(twin.clientConfig);
    const { clientConfig } = twin;
    const close = (): Promise<void> => Promise.resolve();
    access = stackAccess({ tools, s3, functionName, clientConfig, ownTwin: true, close });
  });

  after(() => twin.stop());

  /** Submits the protein and waits: its job, and the revision of the checkpoint that scored it. */
  async function scored(model?: string): Promise<{ id: string; version: string | undefined; revision: string }> {
    const answer = await predict(tools, { sequence: PROTEIN, ...(model !== undefined && { model }) });
    const result = await wholeResult(answer, s3);
    return { id: answer.output_id, version: answer.model_version, revision: result.model.revision };
  }

  it("are scored by the version that the caller names, under ids of their own", async () => {
    const base = await scored("base");
    const other = await scored("v2");

    expect(base).to.include({ version: "base", revision: "seed-0" });
    expect(other).to.include({ version: "v2", revision: "seed-1" });
    expect(other.id).to.not.equal(base.id);
  }).timeout(120_000);

  it("are in the registry, with the first active", async () => {
    const versions = await access.registry.versions();

    expect(versions.map(({ name }) => name)).to.deep.equal(["base", "v2"]);
    expect(await access.registry.pointer()).to.include({ version: "base", previous: null });
    expect(versions[1]).to.include({ model_id: "chandar-lab/AMPLIFY_120M", min_capacity: 0 });
    expect(versions[1]?.deployed_at).to.match(/^\d{4}-/);
  });

  it("are not rolled back where there is no previous version", async () => {
    let reason = "";
    await rollback(access, CHANGE).catch((error: unknown) => (reason = String(error)));

    expect(reason).to.include("there is no version to roll back to");
  });

  it("are not activated with worse figures, unless forced, which is recorded", async () => {
    const [base, v2] = await access.registry.versions();
    const figures = (version: string, mean: number): VersionFigures => ({
      model_version: version,
      measured_at: "2026-03-01T12:00:00.000Z",
      resolved_revision: "seed",
      weights: "synthetic",
      weights_sha256: null,
      precision: "float32",
      bench: null,
      validation: { mean_spearman: mean, assays: [{ name: "assay", spearman: mean, variants: 468 }] },
    });
    await access.registry.writeFigures("base", figures(base?.model_version ?? "", 0.4));
    await access.registry.writeFigures("v2", figures(v2?.model_version ?? "", 0.3));

    const refusal: unknown = await activate("v2", access, CHANGE).catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(ActivationRefusedError);
    expect(String(refusal)).to.include("0.100 below that of base; the margin is 0.02");
    expect(await access.registry.pointer()).to.include({ version: "base" });

    const { pointer } = await activate("v2", access, { ...CHANGE, force: true });
    expect(pointer).to.include({ version: "v2", previous: "base", reason: "test" });
    expect(pointer.by).to.match(/^arn:aws:/);
    expect(pointer.forced).to.have.length(1);
  });

  it("answer by the pointer: the active version scores, and old ids keep their results", async () => {
    const named = await scored("base");
    const active = await scored();

    expect(active).to.include({ version: "v2", revision: "seed-1" });
    const old = await tools.getResults({ output_id: named.id, detail: "full" });
    expect(old.model_version).to.equal("base");
    expect((await wholeResult(old, s3)).model.revision).to.equal("seed-0");
  }).timeout(120_000);

  it("are compared from the ledger and their results", async () => {
    const [base, v2] = await access.registry.versions();
    if (!base || !v2) throw new Error("The registry has no two versions.");

    const found = await fromLedger(await access.ledger(), base.model_version, v2.model_version, 10);
    const { scores, work } = versionComparison([base, v2], "the job ledger", found, null);

    expect(scores.proteins).to.have.length(1);
    expect(scores.proteins[0]).to.include({ compared: 19 * PROTEIN.length });
    expect(scores.mean_spearman).to.be.within(-1, 0.99);
    expect(work.a).to.include({ completed: 1, failed: 0, residues: PROTEIN.length });
    expect(work.b.gpu_seconds_per_1000_residues).to.be.above(0);
  });

  it("cannot be retired while they are active, and are rolled back", async () => {
    const v2 = await access.registry.version("v2");
    const { modelB } = await access.facts();
    const facts = async () => ({ pointer: await access.registry.pointer(), modelB, unfinished: [] });

    expect(retirementFaults(v2, await facts())).to.deep.equal(["v2 is active: activate another version first"]);
    expect((await rollback(access, CHANGE)).pointer).to.include({ version: "base", previous: "v2" });
    expect(retirementFaults(v2, await facts())).to.deep.equal([]);
  });

  it("never answer under an id of another image: its job waits until its own image is back", async () => {
    const [base, other] = twin.endpoints.map(({ instance }) => instance);
    if (!base || !other) throw new Error("An endpoint has no instance.");
    const own = base.url;
    const documents = DynamoDBDocumentClient.from(new DynamoDBClient(twin.clientConfig));
    const submission = { sequence: `${PROTEIN}A`, model: "base" };
    // What an update in place does: another image takes the requests that are queued for this one.
    Object.assign(base, { url: other.url });

    const { output_id } = await tools.invokeEndpoint(submission);
    const job = await until("the end of the first attempt", async () => {
      const { Item } = await documents.send(
        new GetCommand({ TableName: String(twin.outputs["jobTableName"]), Key: { output_id }, ConsistentRead: true }),
      );
      const { state } = Item as LedgerItem;
      return state === "submitting" || state === "in_progress" ? undefined : (Item as LedgerItem);
    });
    expect(job).to.include({ state: "waiting", attempt: 2 }).and.have.property("refused_at");

    Object.assign(base, { url: own });
    const answer = await predict(tools, submission);
    expect(answer.output_id).to.equal(output_id);
    expect((await wholeResult(answer, s3)).model.revision).to.equal("seed-0");
  }).timeout(120_000);
});
