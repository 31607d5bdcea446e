import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { expect } from "chai";
import { setTimeout as delay } from "node:timers/promises";
import { proofProteins, type ProofProtein } from "../../../commands/evidenceProof/proofProteins.js";
import { startSourceServer, type SourceServer } from "../../../commands/evidenceProof/sourceServer.js";
import type { EvidenceRow } from "../../../contract/evidence.js";
import type { EvidenceTable } from "../../../contract/evidenceTable.js";
import { startTwin, type Twin } from "../../../local/twin/start.js";
import { celegansGenome, entryOf, inline, transcript } from "../../lambda/evidence/support/celegans.js";
import { runVep } from "../../commands/vep/support/runVep.js";
import { alignerMissing } from "../../support/aligners.js";
import { MODEL_DIR, prepareCheckpoint } from "./support/sharedTwin.js";

const missing = alignerMissing("clustalo");

const VEP = fileURLToPath(new URL("../../../commands/vep.mjs", import.meta.url));

interface Explained {
  readonly evidence: {
    readonly workflow_id: string;
    readonly rows: readonly EvidenceRow[];
    readonly sources: readonly object[];
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly error_code?: string;
    readonly data: {
      readonly workflow_id: string;
      readonly status: string;
      readonly reason?: string;
      readonly evidence?: EvidenceTable;
    };
  };
}

/** Workflows, executed by the emulator of Step Functions with the real bundles. */
describe(`workflows of evidence on the twin${missing === undefined ? "" : `: ${missing}`}`, function () {
  this.timeout(180_000);

  let twin: Twin;
  let s3: S3Client;
  let bucket: string;
  let sources: SourceServer;
  const [random, ...silent] = proofProteins(3, 5) as [ProofProtein, ProofProtein, ProofProtein];
  const protein: ProofProtein = {
    ...random,
    behaviours: { ...random.behaviours, uniprot: "answers", variation: "500", alphafold: "answers", rcsb: "404" },
  };

  before(async function () {
    if (missing !== undefined) return this.skip();
    prepareCheckpoint();
    const accessions = silent.map(({ accession }) => accession);
    sources = await startSourceServer([protein, ...silent], accessions);
    Object.assign(process.env, sources.environment);
    twin = await startTwin({ modelDir: MODEL_DIR, config: { evidence: "true", api: "true" } });
    s3 = new S3Client({ ...twin.clientConfig, forcePathStyle: true });
    bucket = String(twin.outputs["s3BucketName"]);
    const { fasta, fai, gzi } = celegansGenome();
    for (const [end, Body] of [
      ["", fasta],
      [".fai", fai],
      [".gzi", gzi],
    ] as const) {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `genomes/WBcel235.fna.gz${end}`, Body }));
    }
  });

  after(async () => {
    await (twin as Twin | undefined)?.stop();
    sources.close();
    for (const name of Object.keys(sources.environment)) Reflect.deleteProperty(process.env, name);
  });

  /** A request to the HTTP API by somebody, whose signature the twin does not check. */
  async function call(method: string, path: string, user: string, body?: object): Promise<Answer> {
    const response = await fetch(`${String(twin.outputs["apiUrl"])}${path}`, {
      method,
      headers: { Authorization: `AWS4-HMAC-SHA256 Credential=${user}/20261129/us-east-1/execute-api/aws4_request` },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer["body"] };
  }

  async function completed(body: object): Promise<EvidenceTable> {
    const started = await call("POST", "/workflows", "ALICE", body);
    expect(started.status, JSON.stringify(started.body)).to.equal(202);
    const { workflow_id: id } = started.body.data;
    for (;;) {
      const { status, body: seen } = await call("GET", `/workflows/${id}`, "ALICE");
      // 503 is SERVICE_BUSY: ask again.
      if (status === 503) {
        await delay(300);
        continue;
      }
      expect(status, JSON.stringify(seen)).to.equal(200);
      if (seen.data.status !== "running") {
        expect(seen.data.status, seen.data.reason).to.equal("completed");
        break;
      }
      await delay(300);
    }
    const { body: found } = await call("GET", `/workflows/${id}/results`, "ALICE");
    const { evidence } = found.data;
    if (!evidence) throw new Error("The answer has no table.");
    return evidence;
  }

  /** Starts a workflow that does not end by itself, as its sources do not answer. */
  async function waiting({ accession }: ProofProtein): Promise<string> {
    const { body, headers } = await call("POST", "/analysis/proteomics", "ALICE", { accession });
    expect(headers.get("location")).to.equal(`/v1/workflows/${body.data.workflow_id}`);
    return body.data.workflow_id;
  }

  it("goes from genome to score, to conservation and to evidence, with one region and one source that fail", async () => {
    const genome = `s3://${bucket}/genomes/WBcel235.fna.gz`;
    const regions = [
      entryOf(transcript("apl-1"), genome, { variants: [inline("yn32", 5_114_224, 5_114_224, "C", "T")] }),
      entryOf(transcript("lin-5"), genome),
      { ...entryOf(transcript("age-1"), genome), seq_strand: "up" },
    ];

    const [ofGenome, ofAccession] = await Promise.all([
      completed({ regions }),
      completed({ accession: protein.accession, sources: ["proteomics", "genomics"] }),
    ]);

    expect(ofGenome.retrieval.failed).to.deep.equal([
      { unique_entry_id: "B0334.8a.1", reason: "'seq_strand' is neither + nor -." },
    ]);
    const kinds = ofGenome.rows.filter(({ variant }) => variant === "E377K").map(({ kind }) => kind);
    expect(kinds).to.include.members(["llr", "PSSM log-odds", "variant of the genome"]);
    expect(ofGenome.alignment).to.include({ status: "ok", sequences: 2 });
    expect(ofGenome.sources).to.deep.equal([]);
    expect(ofAccession.scores.status).to.equal("ok");
    const statuses = Object.fromEntries(
      ofAccession.sources.map(({ source, status, reason }) => [source, [status, reason]]),
    );
    expect(statuses["variation"]).to.deep.equal(["unavailable", "500: it has a fault"]);
    expect(statuses["uniprot"]?.[0]).to.equal("ok");
    expect(ofAccession.rows.filter(({ source }) => source === "variation")).to.deep.equal([]);
    expect(ofAccession.refused).to.have.length(1);
  });

  it("is what vep explain shows and writes, and what an agent gets with a position", async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "vep-explain-"));
    const at = ["--lambda-function", String(twin.outputs["lambdaFunctionName"])];
    try {
      const ended = await runVep(twin, folder, "explain", protein.accession, "--json", "--out", "page.html", ...at);

      expect(ended.code, ended.said).to.equal(0);
      const table = JSON.parse(ended.output) as EvidenceTable;
      expect(table.notice).to.include("Research use only");
      expect(table.rows.map(({ source }) => source)).to.include.members(["uniprot", "alphafold"]);
      const page = readFileSync(path.join(folder, "page.html"), "utf8");
      expect(page).to.include('id="evidence"').and.to.include(`Domain of ${protein.accession}`);
      const answer = await asAgent(at, "explain_position", { output_id: table.scores.job_id, position: 3 });
      expect(answer.evidence.workflow_id).to.equal(table.workflow_id);
      expect(answer.evidence.rows.map(({ kind }) => kind)).to.include.members(["natural variant", "domain"]);
      expect(answer.evidence.sources).to.deep.include({
        source: "variation",
        status: "unavailable",
        reason: "500: it has a fault",
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("has no sequence in the history of its executions", async () => {
    const machines = new SFNClient(twin.clientConfig);
    const stateMachineArn = String(twin.outputs["workflowStateMachineArn"]);
    const { executions = [] } = await machines.send(new ListExecutionsCommand({ stateMachineArn }));
    const histories = await Promise.all(
      executions.map(({ executionArn }) =>
        machines.send(new GetExecutionHistoryCommand({ executionArn, includeExecutionData: true, maxResults: 1_000 })),
      ),
    );

    const text = JSON.stringify(histories);
    expect(executions).to.have.length(3);
    expect(text).to.include(protein.accession);
    const { sequence } = protein;
    for (let start = 0; start + 8 <= sequence.length; start++) {
      expect(text).to.not.include(sequence.slice(start, start + 8));
    }
  });

  it("is found to have ended where its execution could not say so", async () => {
    const id = await waiting(silent[0]);
    const machines = new SFNClient(twin.clientConfig);
    const executionArn = `${String(twin.outputs["workflowStateMachineArn"]).replace(":stateMachine:", ":execution:")}:${id}`;
    await machines.send(new StopExecutionCommand({ executionArn }));
    const documents = DynamoDBDocumentClient.from(new DynamoDBClient(twin.clientConfig));
    const Key = { output_id: `workflow/${id}` };
    const table = { TableName: String(twin.outputs["jobTableName"]), Key };
    // As if it had begun two minutes ago.
    await documents.send(
      new UpdateCommand({
        ...table,
        UpdateExpression: "SET submitted_at = :then",
        ExpressionAttributeValues: { ":then": new Date(Date.now() - 120_000).toISOString() },
      }),
    );

    for (;;) {
      const { body } = await call("GET", `/workflows/${id}`, "ALICE");
      if (body.data.status !== "running") {
        expect(body.data).to.include({ status: "cancelled", reason: "The workflow was cancelled." });
        break;
      }
      await delay(100);
    }
  });

  /** Calls a tool of the MCP server. */
  async function asAgent(at: readonly string[], name: string, args: object): Promise<Explained> {
    const client = new Client({ name: "tests", version: "1" });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [VEP, "mcp", ...at],
        env: { PATH: process.env["PATH"] ?? "", ...twin.env },
        stderr: "ignore",
      }),
    );
    try {
      const { structuredContent, content } = await client.callTool({ name, arguments: { ...args } });
      if (structuredContent === undefined) throw new Error(JSON.stringify(content));
      return structuredContent as unknown as Explained;
    } finally {
      await client.close();
    }
  }

  it("belongs to its owner, is cancelled, and is in the audit that is archived", async () => {
    const id = await waiting(silent[1]);

    const other = await call("GET", `/workflows/${id}`, "BOB");
    const cancelled = await call("POST", `/workflows/${id}/cancel`, "ALICE");
    const refused = await call("POST", "/workflows", "ALICE", { sequence: "MKB" });

    expect([other.status, other.body.error_code]).to.deep.equal([404, "UNKNOWN_WORKFLOW"]);
    expect(cancelled.body.data.status).to.equal("cancelled");
    expect([refused.status, refused.body.error_code]).to.deep.equal([400, "INVALID_RESIDUE"]);
    const day = new Date().toISOString().slice(0, 10);
    const archive = new InvokeCommand({
      FunctionName: "protein-agent-default-steps",
      Payload: JSON.stringify({ task: "archive", day }),
    });
    const { FunctionError } = await new LambdaClient(twin.clientConfig).send(archive);
    expect(FunctionError).to.equal(undefined);
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: "audit/" }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: Contents?.[0]?.Key ?? "" }));
    const lines = ((await Body?.transformToString()) ?? "")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(lines.filter(({ owner }) => owner?.endsWith("user/BOB")).map(({ result }) => result)).to.deep.equal([
      "UNKNOWN_WORKFLOW",
    ]);
    expect(JSON.stringify(lines)).to.not.include(protein.sequence);
  });
});
