import { execFile } from "node:child_process";
import { expect } from "chai";
import fc from "fast-check";
import { openApi } from "../../../contract/openApi.js";
import type { GetResultsData, InvokeEndpointData, SubmitFastaData, ToolAnswer } from "../../../contract/tools.js";
import { startTwin, type Twin } from "../../../local/twin/start.js";
import { faultsOf, requests, type ApiRequest } from "./support/apiFuzz.js";
import { MODEL_DIR, prepareCheckpoint } from "./support/sharedTwin.js";
import { signedFor } from "./support/signature.js";
import { dataOf } from "./support/toolCalls.js";
import { until } from "./support/until.js";

const SEQUENCE = "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSGAEKAVQVKVKALPDAQFEVV";
const SIGNED = signedFor("execute-api");
const DOCUMENT = openApi({ uploads: true, evidence: false });

const EXAMPLE = "examples/http-api/api.sh";

/** The number of requests, and the seed that makes them. */
const FUZZED = { numRuns: 2_000, seed: 20_261_129 };

/** Requests at a time. */
const AT_A_TIME = 8;

describe("the HTTP API in the twin", () => {
  let twin: Twin;
  let url: string;

  before(async () => {
    prepareCheckpoint();
    const config = { api: "true", fastaDrop: "true", apiOrigins: "https://lab.example.org" };
    twin = await startTwin({ modelDir: MODEL_DIR, config });
    url = String(twin.outputs["apiUrl"]);
  });
  after(() => twin.stop());

  interface Answered<Data> {
    readonly status: number;
    readonly headers: Headers;
    readonly answer: ToolAnswer<Data>;
  }
  async function call<Data>(method: string, path: string, body?: object, headers = SIGNED): Promise<Answered<Data>> {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as ToolAnswer<Data>;
    return { status: response.status, headers: response.headers, answer };
  }

  it("submits, polls and reads: one id for the same request, nothing cached before the end", async () => {
    const created = await call<InvokeEndpointData>("POST", "/predictions", { sequence: SEQUENCE });
    const again = await call<InvokeEndpointData>("POST", "/predictions", { sequence: SEQUENCE.toLowerCase() });
    const { output_id: id } = dataOf(created.answer);
    const early = await call("GET", `/predictions/${id}/result`);

    expect(created.status).to.equal(202);
    expect(created.headers.get("location")).to.equal(`/v1/predictions/${id}`);
    expect(Number(created.headers.get("retry-after"))).to.be.at.least(1);
    expect(dataOf(again.answer).output_id).to.equal(id);
    expect(early.status).to.be.oneOf([200, 409]);

    const ended = await until("the end of the job", async () => {
      const { answer, headers } = await call<GetResultsData>("GET", `/predictions/${id}`);
      expect(headers.get("cache-control")).to.equal("no-store");
      return dataOf(answer).status === "completed" ? dataOf(answer) : undefined;
    });
    expect(ended.results).to.include({ detail: "summary", sequence_length: SEQUENCE.length });
    const result = await call<GetResultsData>("GET", `/predictions/${id}/result?top=2`);
    expect(result.headers.get("cache-control")).to.equal("private, max-age=300");
    expect(dataOf(result.answer).results?.["best"]).to.have.length(2);
    const matrix = (await (await fetch(linkOf(dataOf(result.answer)))).json()) as { sequence: string };
    expect(matrix.sequence).to.equal(SEQUENCE);
  });

  it("lists and cancels", async () => {
    const listed = await call<{ jobs: unknown[] }>("GET", "/predictions?limit=1");
    const { output_id: id } = dataOf(
      (await call<InvokeEndpointData>("POST", "/predictions", { sequence: SEQUENCE })).answer,
    );
    const cancelled = await call<{ status: string }>("POST", `/predictions/${id}/cancel`);

    expect(dataOf(listed.answer).jobs).to.have.length(1);
    expect(dataOf(cancelled.answer)).to.include({ output_id: id, status: "completed" });
  });

  it("takes a FASTA file through a form, and says how far it is", async () => {
    const created = await call<SubmitFastaData>("POST", "/uploads");
    const { upload } = dataOf(created.answer);
    const place = String(created.headers.get("location")).replace("/v1", "");
    const before = await call("GET", place);
    const form = new FormData();
    for (const [name, value] of Object.entries(upload?.fields ?? {})) form.append(name, value);
    form.append("file", new Blob([">one\nMKTAYIAK\n>two\nMKV\n"]));

    const sent = await fetch(upload?.url ?? "", { method: "POST", body: form });

    expect(created.status).to.equal(201);
    expect(before.status).to.equal(404);
    expect(sent.status).to.be.oneOf([200, 204]);
    const ended = await until("the end of the file", async () => {
      const { answer } = await call<SubmitFastaData>("GET", place);
      return dataOf(answer).status === "ended" ? dataOf(answer) : undefined;
    });
    expect(ended).to.deep.include({ records: 2 });
    expect(ended.counts).to.include({ completed: 2, invalid: 0 });
  });

  it("is called by the example, which signs with curl", async () => {
    const { status, stdout, stderr } = await run(EXAMPLE, [url, SEQUENCE], { ...process.env, ...twin.env });

    expect(stderr).to.match(/^Job [0-9a-f-]{36}$/m);
    expect(status).to.equal(0);
    expect(stdout.trim().split("\n")).to.have.length(10);
    expect(stdout).to.match(/^p\.[A-Z][a-z]{2}\d+[A-Z][a-z]{2}\t-?\d/);
  });

  it("refuses what has no signature, and addresses that it does not have", async () => {
    const unsigned = await call("GET", "/predictions", undefined, {});
    const unknown = await call("GET", "/nothing");
    const wrong = await call("DELETE", "/predictions");

    for (const { status, answer } of [unsigned, unknown, wrong]) {
      expect(status).to.equal(403);
      expect(answer).to.deep.equal({ message: "Missing Authentication Token" });
    }
  });

  it("lets the pages of a configured origin read answers, and no other", async () => {
    const own = await call("GET", "/predictions", undefined, { ...SIGNED, origin: "https://lab.example.org" });
    const other = await call("GET", "/predictions", undefined, { ...SIGNED, origin: "https://evil.example.org" });

    expect(own.headers.get("access-control-allow-origin")).to.equal("https://lab.example.org");
    expect(other.headers.get("access-control-allow-origin")).to.equal(null);
  });

  it(`answers ${FUZZED.numRuns} requests made from its document as the document says, none of them with 5xx`, async function () {
    this.timeout(600_000);
    const { answer } = await call<InvokeEndpointData>("POST", "/predictions", { sequence: SEQUENCE });
    const made = fc.sample(requests(DOCUMENT, [dataOf(answer).output_id]), FUZZED);
    const statuses = new Map<number, number>();
    const wrong: unknown[] = [];
    const send = async (request: ApiRequest): Promise<void> => {
      const { method, target, body } = request;
      const response = await fetch(`${url}${target}`, {
        method: method.toUpperCase(),
        headers: { "content-type": "application/json", ...SIGNED },
        ...(body !== undefined && { body }),
      });
      const { status, headers } = response;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const faults = faultsOf(DOCUMENT, request, { status, headers, text: await response.text() });
      if (status >= 500 || faults.length > 0) wrong.push({ request, status, faults });
    };
    for (let start = 0; start < made.length; start += AT_A_TIME) {
      await Promise.all(made.slice(start, start + AT_A_TIME).map(send));
    }

    expect(wrong.slice(0, 5)).to.deep.equal([]);
    // The requests are of all kinds: they succeed, are wrong, and name what does not exist.
    for (const status of [200, 201, 202, 400, 404]) expect(statuses.get(status), String(status)).to.be.greaterThan(20);
  });
});

/** Runs a program to its end. */
function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { env }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

function linkOf({ results }: GetResultsData): string {
  return String((results?.["links"] as { download_url?: string } | undefined)?.download_url);
}
