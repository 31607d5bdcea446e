import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { PROGRAMS } from "../../local/twin/processes/programs.js";
import { startTwin, type Twin } from "../../local/twin/start.js";
import { MODEL_DIR, prepareCheckpoint } from "../local/twin/support/sharedTwin.js";

const EXAMPLES = fileURLToPath(new URL("../../examples/", import.meta.url));
const SEQUENCE = "MKTAYIAKQRQISFVKSHFSRQ";

/** The program of each kind of example. */
const RUNNERS: Readonly<Record<string, string>> = { ".py": PROGRAMS.python, ".mjs": process.execPath, ".sh": "sh" };

const NAMES = readdirSync(EXAMPLES).filter((name) => path.extname(name) in RUNNERS && name !== "vep_tools.py");

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly said: string;
}

describe("the examples", () => {
  const said: string[] = [];
  const resources: string[] = [];
  let twin: Twin;
  let folder: string;

  before(async () => {
    prepareCheckpoint();
    twin = await startTwin({
      modelDir: MODEL_DIR,
      config: { fastaDrop: "true" },
      onProgress: (message) => said.push(message),
      onResource: (resource) => resources.push(resource),
    });
    folder = mkdtempSync(path.join(tmpdir(), "examples-"));
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await twin.stop();
  });

  /** Runs an example as its user does, with nothing but the environment that names the twin. */
  function run(name: string, ...args: readonly string[]): Promise<Ended> {
    const env = { PATH: process.env["PATH"], HOME: folder, ...twin.env };
    const runner = RUNNERS[path.extname(name)] ?? "";
    return new Promise((resolve) => {
      execFile(runner, [path.join(EXAMPLES, name), ...args], { cwd: folder, env }, (error, output, said) => {
        resolve({ code: error === null ? 0 : Number(error.code), output, said });
      });
    });
  }

  it("run on a twin that says its steps in sentences, and its resources only to those who ask for them", () => {
    expect(said.filter((message) => !message.endsWith("."))).to.deep.equal([]);
    expect(resources.join("\n")).to.match(/^aws:lambda\/function:Function /m);
  });

  it("are all tested here", () => {
    expect(NAMES.sort()).to.deep.equal([
      "benchmark.py",
      "fasta_drop.sh",
      "invoke_endpoint.py",
      "invoke_lambda.py",
      "mcp_agent.mjs",
    ]);
  });

  for (const name of NAMES) {
    it(`${name} explains itself, and refuses an option that it does not know`, async () => {
      const help = await run(name, "--help");
      expect([help.code, help.said]).to.deep.equal([0, ""]);
      expect(help.output.toLowerCase()).to.match(/usage:[^]*--max-attempts[^]*--poll-interval[^]*examples:/);
      expect((await run(name, "--unknown")).code).to.not.equal(0);
    });
  }

  it("invoke_lambda.py scores a protein, and says why another is refused", async () => {
    const scored = await run("invoke_lambda.py", "--sequence", SEQUENCE, "--out", "answer.json");
    expect(scored.code, scored.said).to.equal(0);
    expect(scored.output.trim().split("\n")).to.have.length(20);
    expect(scored.said).to.include("Synthetic weights");
    expect(JSON.parse(readFileSync(path.join(folder, "answer.json"), "utf8"))).to.include({ status: "completed" });

    const chosen = await run("invoke_lambda.py", "--sequence", SEQUENCE, "--variants", "K2A,K2A;T3V");
    expect(chosen.output).to.match(/^p\.Lys2Ala\t-?\d.*\np\.\[Lys2Ala;Thr3Val\]\t-?\d/);
    const refused = await run("invoke_lambda.py", "--sequence", "P01308");
    expect([refused.code, refused.said]).to.deep.equal([
      1,
      "INVALID_RESIDUE: P01308 is a UniProt accession, not a sequence; send the residues, which are at https://rest.uniprot.org/uniprotkb/P01308.fasta.\n",
    ]);
    const unfinished = await run("invoke_lambda.py", "--sequence", `${SEQUENCE}A`, "--max-attempts", "0");
    expect(unfinished.said).to.match(/ask again later/);
  });

  it("invoke_endpoint.py scores a protein without the tools, and prints the failure of another", async () => {
    const bucket = String(twin.outputs["s3BucketName"]);
    const fast = ["--bucket", bucket, "--poll-interval", "0.1"];
    const scored = await run("invoke_endpoint.py", ...fast, "--sequence", SEQUENCE);
    expect(scored.code, scored.said).to.equal(0);
    expect(scored.output).to.match(/^([A-Z]\d+[A-Z]\t-?[\d.]+\n){10}$/);
    const refused = await run("invoke_endpoint.py", ...fast, "--sequence", "MKX");
    expect(refused.code).to.equal(1);
    expect(refused.said).to.include("INVALID_RESIDUE");
  });

  it("benchmark.py measures lengths and concurrency", async () => {
    const { code, output, said } = await run(
      "benchmark.py",
      ...["--lengths", "20,30", "--concurrency", "1,2", "--requests", "2", "--poll-interval", "0.1", "--json"],
    );
    expect(code, said).to.equal(0);
    const rows = JSON.parse(output) as Record<string, number>[];
    expect(rows.map(({ length, concurrency }) => [length, concurrency])).to.deep.equal([
      [20, 1],
      [20, 2],
      [30, 1],
      [30, 2],
    ]);
    for (const { median_s = 0, slowest_s = 0, residues_per_second = 0 } of rows) {
      expect(median_s).to.be.greaterThan(0).and.at.most(slowest_s);
      expect(residues_per_second).to.be.greaterThan(0);
    }
  });

  it("mcp_agent.mjs lists the tools and calls them", async () => {
    const name = String(twin.outputs["lambdaFunctionName"]);
    const { code, output, said } = await run("mcp_agent.mjs", "--sequence", SEQUENCE, "--lambda-function", name);
    expect(code, said).to.equal(0);
    expect(output).to.match(
      /^Tools: .*predict_variant_effects[^]*Note: Synthetic weights[^]*Best: p\.[^]*Position \d+: /,
    );
    const refused = await run("mcp_agent.mjs", "--sequence", "MKX", "--lambda-function", name);
    expect([refused.code, refused.said]).to.deep.equal([1, refused.said]);
    expect(refused.said).to.match(/^mcp_agent\.mjs: INVALID_RESIDUE/m);
  });

  it("fasta_drop.sh scores every record of a file", async function () {
    const bucket = String(twin.outputs["s3BucketName"]);
    writeFileSync(path.join(folder, "two.fasta"), `>one\n${SEQUENCE}\n>two\nMKVLAAGIVGLCAKAYKKAL\n>three\nMKX\n`);
    const ended = await run(
      "fasta_drop.sh",
      ...["--bucket", bucket, "--fasta", "two.fasta", "--out", "out", "--poll-interval", "1", "--max-attempts", "60"],
    );
    if (ended.said.includes("aws: not found")) this.skip();
    expect(ended.code, ended.said).to.equal(0);
    expect(JSON.parse(ended.output)).to.deep.include({ status: "ended", records: 3 });
    expect(
      readdirSync(path.join(folder, "out"))
        .map((name) => name.replace(/^\d+-/, ""))
        .sort(),
    ).to.deep.equal(["two.fasta.manifest.jsonl", "two.fasta.summary.json", "two.fasta.top-variants.csv"]);
    const missing = await run("fasta_drop.sh", "--bucket", bucket, "--fasta", "none.fasta");
    expect([missing.code, missing.said]).to.deep.equal([2, "fasta_drop.sh: there is no file none.fasta.\n"]);
  });
});
