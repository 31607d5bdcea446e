import { StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { expect } from "chai";
import type { WorkflowData } from "../../../../contract/workflowData.js";
import { awsError, failed, succeeded, SEQUENCE } from "../../support/world.js";
import { ALICE, BOB, MACHINE_ARN, WorkflowWorld } from "../support/workflowWorld.js";

const ONE = "/workflows/{workflow_id}";
const RESULTS = "/workflows/{workflow_id}/results";
const CANCEL = "/workflows/{workflow_id}/cancel";

describe("the function of workflows", () => {
  let world: WorkflowWorld;
  beforeEach(() => {
    world = new WorkflowWorld();
  });

  const startBy = async (userArn: string, body: object = { sequence: SEQUENCE }): Promise<string> =>
    (await world.http("POST", "/workflows", { userArn, body })).read.data.workflow_id;

  it("starts a workflow with 202, its address and when to ask, and gives no sequence to the execution", async () => {
    const response = await world.http("POST", "/workflows", { body: { sequence: SEQUENCE, accession: "P01308" } });

    const { workflow_id: id } = response.read.data;
    expect(response.statusCode).to.equal(202);
    expect(response.headers).to.include({ Location: `/v1/workflows/${id}`, "Retry-After": 5 });
    expect(response.read.data).to.include({ status: "running", completion_time: null });
    expect(response.read.data.notice).to.include("Research use only");
    expect(world.executions).to.deep.equal([
      {
        name: id,
        input: {
          workflow: id,
          resolve: {
            task: "resolve",
            accession: "P01308",
            sequence: { bucket: "results-bucket", key: `evidence/${id}/sequence.txt` },
            output: { bucket: "results-bucket", key: `evidence/${id}/resolved.json` },
          },
        },
      },
    ]);
    expect(world.text(`evidence/${id}/sequence.txt`)).to.equal(SEQUENCE);
    expect(world.workflow(id)).to.include({
      owner: ALICE,
      execution_arn: `${MACHINE_ARN.replace("stateMachine", "execution")}:${id}`,
    });
  });

  it("keeps regions in S3, of which the first is the protein where there is no other", async () => {
    const regions = [{ unique_entry_id: "a", base_seq_name: "C54H2.5.1" }];

    const { workflow_id: id } = await world.start({ regions });

    const [execution] = world.executions;
    expect(execution?.input.retrieve).to.deep.equal({
      task: "retrieve",
      regions: { bucket: "results-bucket", key: `evidence/${id}/regions.json` },
      output: { bucket: "results-bucket", key: `evidence/${id}/retrieved/` },
    });
    expect(JSON.parse(world.text(`evidence/${id}/regions.json`) ?? "")).to.deep.equal({ seq_regions: regions });
  });

  it("sends a bare sequence to no source, and an accession to all, unless the caller says otherwise", async () => {
    const sources = async (input: object): Promise<unknown> => {
      const { workflow_id: id } = await world.start(input);
      return (JSON.parse(world.text(`evidence/${id}/request.json`) ?? "{}") as { sources: unknown }).sources;
    };
    const all = ["genomics", "proteomics", "literature", "drug"];

    expect(await sources({ sequence: SEQUENCE })).to.deep.equal([]);
    expect(await sources({ sequence: SEQUENCE, share_sequence: true })).to.deep.equal(all);
    expect(await sources({ accession: "p01308" })).to.deep.equal(all);
    expect(await sources({ accession: "P01308", sources: ["drug", "drug"] })).to.deep.equal(["drug"]);
  });

  for (const [name, input, code, said] of [
    ["no protein", {}, "INVALID_INPUT", "no protein"],
    ["a bad accession", { accession: "INSULIN" }, "INVALID_INPUT", "not a UniProt accession"],
    ["a bad residue", { sequence: "MKB" }, "INVALID_RESIDUE", "B"],
    ["a variant that does not fit", { sequence: SEQUENCE, variants: "A1K" }, "WILD_TYPE_MISMATCH", "position 1"],
    ["an insertion", { accession: "P01308", variants: ["K10_K11insA"] }, "INVALID_VARIANT", "insertion"],
    ["sources of a kept sequence", { sequence: SEQUENCE, sources: ["drug"] }, "INVALID_INPUT", "share_sequence"],
    ["an unknown source", { accession: "P01308", sources: ["horoscope"] }, "INVALID_INPUT", "sources"],
    ["an unknown argument", { accession: "P01308", sorces: [] }, "INVALID_INPUT", "'sources'"],
  ] as const) {
    it(`refuses ${name}, and starts nothing`, async () => {
      const answer = failed(await world.direct("start_workflow", input));

      expect(answer.error_code).to.equal(code);
      expect(JSON.stringify(answer)).to.include(said);
      expect([world.executions.length, world.objects.size]).to.deep.equal([0, 0]);
    });
  }

  it("takes the analyses as groups of sources, without the model but for the decision", async () => {
    const requestOf = async (group: string): Promise<Record<string, unknown>> => {
      const body = { accession: "P01308", sources: ["literature"], score: true };
      const { read } = await world.http("POST", `/analysis/${group}`, { body });
      return JSON.parse(world.text(`evidence/${read.data.workflow_id}/request.json`) ?? "{}") as Record<
        string,
        unknown
      >;
    };

    expect(await requestOf("genomics")).to.deep.include({ sources: ["genomics"], score: false });
    expect(await requestOf("drug")).to.deep.include({ sources: ["drug"], score: false });
    expect(await requestOf("decision")).to.deep.include({ sources: ["literature"], score: true });
  });

  it("knows a workflow for its owner alone: every other caller gets 404, as for an id that never was", async () => {
    const id = await startBy(ALICE);

    const own = await world.http("GET", ONE, { id });
    expect(own.statusCode).to.equal(200);
    for (const [method, resource] of [
      ["GET", ONE],
      ["GET", RESULTS],
      ["POST", CANCEL],
    ] as const) {
      const other = await world.http(method, resource, { id, userArn: BOB });
      const never = await world.http(method, resource, { id: "0a8d4b6e-0000-8000-8000-000000000001", userArn: BOB });
      expect([other.statusCode, other.read.error_code]).to.deep.equal([404, "UNKNOWN_WORKFLOW"]);
      expect(other.read.message).to.equal(never.read.message);
    }
    expect(failed(await world.direct("get_workflow", { workflow_id: id })).error_code).to.equal("UNKNOWN_WORKFLOW");
    expect(world.stopped).to.deep.equal([]);
  });

  it("takes the user or the client of a token of Cognito as owner, and refuses a request of nobody", async () => {
    const body = { sequence: SEQUENCE };
    const token = { userArn: null, claims: { sub: "client-a" } };
    const { read } = await world.http("POST", "/workflows", { ...token, body });

    expect(world.workflow(read.data.workflow_id).owner).to.equal("cognito:client-a");
    const other = await world.http("GET", ONE, {
      id: read.data.workflow_id,
      userArn: null,
      claims: { sub: "client-b" },
    });
    expect(other.statusCode).to.equal(404);
    const nobody = await world.http("POST", "/workflows", { userArn: null, body });
    expect(nobody.read.error_code).to.equal("ACCESS_DENIED");
  });

  it("cancels a running workflow once, and says so afterwards", async () => {
    const id = await startBy(ALICE);

    const first = await world.http("POST", CANCEL, { id });
    const second = await world.http("POST", CANCEL, { id });
    const results = await world.http("GET", RESULTS, { id });

    expect(first.read.data.status).to.equal("cancelled");
    expect(second.read.message).to.include("had ended before");
    expect(world.stopped).to.deep.equal([`${MACHINE_ARN.replace("stateMachine", "execution")}:${id}`]);
    expect([results.statusCode, results.read.error_code]).to.deep.equal([409, "NO_RESULT"]);
  });

  it("can be asked again to cancel where the execution could not be stopped", async () => {
    const id = await startBy(ALICE);
    world.machineMock.on(StopExecutionCommand).rejectsOnce(awsError("ThrottlingException")).resolves({});

    const first = await world.http("POST", CANCEL, { id });
    const between = await world.http("GET", "/workflows/{workflow_id}", { id });
    const second = await world.http("POST", CANCEL, { id });

    expect(first.read.error_code).to.equal("SERVICE_BUSY");
    expect(between.read.data.status).to.equal("running");
    expect(second.read.data.status).to.equal("cancelled");
  });

  it("records no id that could be a sequence", async () => {
    const sequence = "acdefacdef".repeat(4).slice(0, 36);

    await world.http("GET", "/workflows/{workflow_id}", { id: sequence });

    expect(JSON.stringify(world.audit())).to.not.include(sequence);
    expect(world.audit()[0]).to.include({ result: "UNKNOWN_WORKFLOW" });
  });

  it("has no result before the end, and says when to ask", async () => {
    const id = await startBy(ALICE);

    const response = await world.http("GET", RESULTS, { id });

    expect(response.statusCode).to.equal(409);
    expect(response.headers).to.include({ "Retry-After": 5 });
  });

  it("counts a workflow as failed that did not end in time, and one past its retention as unknown", async () => {
    const { workflow_id: id } = await world.start({ sequence: SEQUENCE });

    world.pass(86_400);
    const late = succeeded(await world.direct("get_workflow", { workflow_id: id })).data as WorkflowData;
    world.pass(90 * 86_400);

    expect(late).to.deep.include({ status: "failed", reason: "The workflow did not end in time." });
    expect(failed(await world.direct("get_workflow", { workflow_id: id })).error_code).to.equal("UNKNOWN_WORKFLOW");
  });

  it("records a workflow as failed that Step Functions does not start", async () => {
    world.machineMock.on(StartExecutionCommand).rejects(awsError("ThrottlingException"));

    const answer = failed(await world.direct("start_workflow", { sequence: SEQUENCE }));

    expect(answer.error_code).to.equal("SERVICE_BUSY");
    const [item] = [...world.table.items.values()].filter(({ output_id: key }) => key.startsWith("workflow/"));
    expect(item?.state).to.equal("workflow_failed");
  });

  it("lets web pages of configured origins alone read its answers", async () => {
    const headers = async (origin: string) =>
      (await world.http("POST", "/workflows", { body: { sequence: SEQUENCE }, origin })).headers;

    expect(await headers("https://lab.example.org")).to.include({
      "Access-Control-Allow-Origin": "https://lab.example.org",
    });
    expect(await headers("https://evil.example")).to.not.have.property("Access-Control-Allow-Origin");
  });

  it("records every call: who, what, when, from where and the result; never a sequence", async () => {
    const id = await startBy(ALICE);
    await world.http("GET", ONE, { id, userArn: BOB });
    await world.http("POST", "/workflows", { body: { sequence: `${SEQUENCE}B` } });
    await world.http("GET", ONE, { id: SEQUENCE });

    const shown = world
      .audit()
      .map(({ owner, action, workflow_id: of, source_ip: ip, result }) => [owner, action, of, ip, result]);
    expect(shown).to.deep.equal([
      [ALICE, "start_workflow", id, "203.0.113.7", "OK"],
      [BOB, "get_workflow", id, "203.0.113.7", "UNKNOWN_WORKFLOW"],
      [ALICE, "start_workflow", undefined, "203.0.113.7", "INVALID_RESIDUE"],
      [ALICE, "get_workflow", undefined, "203.0.113.7", "UNKNOWN_WORKFLOW"],
    ]);
    expect(JSON.stringify(world.audit())).to.not.include(SEQUENCE);
    expect(world.logged).to.not.include(SEQUENCE);
  });

  it("answers no call that it cannot record", async () => {
    const { workflow_id: id } = await world.start({ sequence: SEQUENCE });
    world.table.beforeNextWrite = () => {
      throw awsError("ThrottlingException");
    };

    const answer = failed(await world.direct("get_workflow", { workflow_id: id }));

    expect(answer.error_code).to.equal("SERVICE_BUSY");
  });
});
