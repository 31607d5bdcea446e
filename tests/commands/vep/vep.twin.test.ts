import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { sharedTwin } from "../../local/twin/support/sharedTwin.js";
import type { Twin } from "../../../local/twin/start.js";

const VEP = fileURLToPath(new URL("../../../commands/vep.mjs", import.meta.url));

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly said: string;
}

describe("vep", () => {
  let folder: string;
  let twin: Twin;

  before(async () => {
    twin = await sharedTwin();
    folder = mkdtempSync(path.join(tmpdir(), "vep-"));
    writeFileSync(
      path.join(folder, "two.fasta"),
      ">first/one\nMKTAYIAKQRQISFVKSHFSRQ\n>second\nMKVLAAGIVGLCAKAYKKAL\n",
    );
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs the command in the folder against the twin, as a user does against AWS. */
  async function vep(...args: string[]): Promise<Ended> {
    const child = spawn(process.execPath, [VEP, ...args], {
      cwd: folder,
      env: { ...process.env, ...twin.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const closed = once(child, "close") as Promise<[number]>;
    const [[code], output, said] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
    return { code, output, said };
  }

  const json = ({ output }: Ended): Record<string, unknown> => JSON.parse(output) as Record<string, unknown>;

  it("finds the deployment, scores every record of a file, and writes and lists them", async () => {
    const ended = await vep("predict", "two.fasta", "--out", "results", "--tag", "round-1");
    expect(ended.code, ended.said).to.equal(0);
    expect(ended.output)
      .to.match(/protein +length +best three/)
      .and.to.match(/second +20 +[A-Z]\d+[A-Z] [+-]/);
    expect(ended.output).to.include("Synthetic weights");
    expect(readdirSync(path.join(folder, "results")).sort()).to.deep.equal(["first_one.json", "second.json"]);

    const listed = json(await vep("list", "--tag", "round-1", "--json")) as {
      jobs: { name: string; status: string }[];
    };
    expect(listed.jobs.map(({ name, status }) => `${name} ${status}`).sort()).to.deep.equal([
      "first/one completed",
      "second completed",
    ]);
  });

  it("keeps results that are there, makes those that are missing, and prints JSON alone", async () => {
    const file = path.join(folder, "results", "second.json");
    writeFileSync(file, readFileSync(file).subarray(0, 100));
    const ended = await vep("predict", "two.fasta", "--out", "results", "--json");
    const { proteins } = json(ended) as { proteins: { name: string; file: string; best: unknown[] }[] };
    expect(proteins.map(({ name, best }) => [name, best.length])).to.deep.equal([
      ["first/one", 3],
      ["second", 3],
    ]);
    expect(JSON.parse(readFileSync(file, "utf8"))).to.include({ sequence_length: 20 });
  });

  it("writes a report, tables and a picture of a result, and compares two", async () => {
    const report = await vep("report", "results/second.json", "--out", "second.html", "--json");
    expect(json(report)).to.deep.equal({ file: "second.html" });
    expect(readFileSync(path.join(folder, "second.html"), "utf8")).to.match(/^<!doctype html>/);
    expect((await vep("export", "results/second.json")).output.split("\r\n")).to.have.length(20 * 19 + 2);
    const mave = (await vep("export", "results/second.json", "--format", "mave-hgvs")).output.split("\n");
    expect(mave.slice(0, 2).join()).to.match(/^hgvs_pro,score,p\.Met1Ala,-?\d/);
    expect((await vep("export", "results/second.json", "--format", "svg")).output).to.match(/^<svg/);
    const compared = json(await vep("compare", "results/second.json", "results/second.json", "--json"));
    expect(compared).to.include({ spearman: 1, compared: 20 * 19 });
  });

  it("shows a job, and says that a finished one cannot be cancelled", async () => {
    const { jobs } = json(await vep("list", "--json")) as { jobs: { output_id: string }[] };
    const id = jobs[0]?.output_id ?? "";
    expect(json(await vep("get", id, "--json"))).to.deep.include({ output_id: id, status: "completed" });
    const cancelled = await vep("cancel", id);
    expect(cancelled.code).to.equal(1);
    expect(cancelled.output).to.include("had ended before: completed");
  });

  for (const [what, args, message] of [
    ["an unknown job", ["get", "00000000-0000-5000-8000-000000000000"], /00000000/],
    ["a file that is no result", ["report", "two.fasta"], /'two\.fasta' is no result/],
    ["two deployments", ["list", "--local", "--lambda-function", "f"], /--local and --lambda-function/],
  ] as const) {
    it(`refuses ${what} in one line`, async () => {
      const { code, said, output } = await vep(...args);
      expect(code).to.be.oneOf([1, 2]);
      expect(said)
        .to.match(message)
        .and.to.match(/amplify-vep: [^\n]+\n$/);
      expect(output).to.equal("");
    });
  }
});
