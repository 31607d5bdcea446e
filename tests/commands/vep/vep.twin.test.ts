import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { sharedTwin } from "../../local/twin/support/sharedTwin.js";
import { until } from "../../local/twin/support/until.js";
import type { Twin } from "../../../local/twin/start.js";
import { runVep, type Ended } from "./support/runVep.js";

const ASSAYS = fileURLToPath(new URL("../../../examples/assays", import.meta.url));

const PDB = ["export", "results/second.json", "--format", "pdb"];

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
    writeFileSync(path.join(folder, "plain.csv"), "a,b\n1,2\n");
    writeFileSync(path.join(folder, "assay.csv"), "mutant,DMS_score\nK2A,1\n");
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const vep = (...args: (string | Record<string, string>)[]): Promise<Ended> => runVep(twin, folder, ...args);
  const json = ({ output }: Ended): Record<string, unknown> => JSON.parse(output) as Record<string, unknown>;

  it("finds the deployment, scores every record of a file, and writes and lists them", async () => {
    const ended = await vep("predict", "two.fasta", "--out", "results", "--tag", "round-1");
    expect(ended.code, ended.said).to.equal(0);
    expect(ended.output)
      .to.match(/^protein +length +best three/)
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

  it("scores variants by name, and adds a column to a CSV file, without a new job for a protein with a result", async () => {
    const named = await vep("score", "MKVLAAGIVGLCAKAYKKAL", "K2A", "p.Val3Ala;L4A");
    expect(named.code, named.said).to.equal(0);
    expect(named.output).to.match(/^variant,llr\nK2A,-?\d+\.\d+\np\.Val3Ala;L4A,-?\d+\.\d+\n$/);
    expect(named.said).to.include("Synthetic weights");

    writeFileSync(path.join(folder, "mine.csv"), 'id,mutant\n"a,1",K2A\nb,K2*\nc,V3A:L4A\n');
    const filled = await vep("score", "results/second.json", "mine.csv");
    const lines = filled.output.split("\n");
    const [, first = "", second = ""] = named.output.split("\n").map((line) => line.split(",").at(-1));
    expect(lines).to.deep.equal(["id,mutant,llr", `"a,1",K2A,${first}`, "b,K2*,", `c,V3A:L4A,${second}`, ""]);
    expect(filled.said).to.match(/1 of 3 rows have no score:\n {2}row 2: .*a stop/);
    const asJson = json(await vep("score", "results/second.json", "K12A", "--numbering-offset", "10", "--json"));
    expect(asJson).to.deep.include({
      weights: "synthetic",
      variants: [{ variant: "K12A", hgvs: "p.Lys12Ala", llr: Number(first) }],
    });
  });

  it("validates scores against a real assay, and says that synthetic weights prove nothing", async () => {
    const assay = [ASSAYS, "abeta42-nucleation.csv"].join("/");
    const { code, output, said } = await vep("validate", assay, "--protein", `${ASSAYS}/abeta42.fasta`);
    expect(code, said).to.equal(0);
    expect(output).to.match(
      /synthetic weights[^]*compared +468\n[^]*Spearman +-?0\.\d{3}, 95 % interval -?0\.\d{3} to -?0\.\d{3}/,
    );
    expect(output).to.match(/AUC +0\.\d{3}[^]*median[^]*best +0\.\d{3}: \d+ of the 47 best/);
    expect(said).to.include("Synthetic weights: a random model");
    const again = json(await vep("validate", assay, "--protein", `${ASSAYS}/abeta42.fasta`, "--json"));
    expect(again).to.include({ variants: 468, skipped: 0, weights: "synthetic", auc_threshold: "median" });
  });

  it("writes pictures, tables and structures for other programs", async () => {
    const written = async (format: string, ...args: string[]): Promise<Buffer> => {
      const ended = await vep(
        "export",
        "results/second.json",
        "--format",
        format,
        "--out",
        `second.${format}`,
        ...args,
      );
      expect(ended.code, ended.said).to.equal(0);
      return readFileSync(path.join(folder, `second.${format}`));
    };
    expect((await written("png")).subarray(1, 4).toString()).to.equal("PNG");
    expect((await written("parquet")).subarray(0, 4).toString()).to.equal("PAR1");
    const residue = (name: string, number: number): string =>
      `ATOM  ${`${number}`.padStart(5)}  CA  ${name} A${`${number}`.padStart(4)}      11.104   6.134  -6.504  1.00 20.00           C`;
    const names = "MET LYS VAL LEU ALA ALA GLY ILE VAL GLY LEU CYS ALA LYS ALA TYR".split(" ");
    writeFileSync(path.join(folder, "in.pdb"), names.map((name, index) => residue(name, index + 101)).join("\n"));
    const coloured = (await written("pdb", "--structure", "in.pdb")).toString();
    expect(coloured.split("\n")).to.have.length(16);
    expect(coloured).to.not.include(" 20.00 ");
    const said = (await vep("export", "results/second.json", "--format", "pdb", "--structure", "in.pdb")).said;
    expect(said).to.match(
      /Chain A: 16 of 16 residues mapped, 0 differ[^]*PyMOL: .*spectrum b[^]*ChimeraX: .*color byattribute/,
    );
  });

  it("opens the report in the browser of the user, and says where it is if there is none", async () => {
    writeFileSync(path.join(folder, "browser.sh"), '#!/bin/sh\necho "$1" > opened\n', { mode: 0o755 });
    const opened = await vep("open", "results/second.json", "--out", "page.html", { BROWSER: "./browser.sh" });
    expect(opened.output, opened.said).to.equal(`Opened: ${path.join(folder, "page.html")}\n`);
    await until("the browser was called", () => existsSync(path.join(folder, "opened")) || undefined);
    expect(readFileSync(path.join(folder, "page.html"), "utf8")).to.match(/^<!doctype html>/);
    const alone = await vep("open", "results/second.json", { BROWSER: "./none" });
    expect([alone.code, alone.said]).to.deep.equal([1, alone.said]);
    expect(alone.said).to.match(/^amplify-vep: no browser could be started \(\.\/none\); set BROWSER .*\.html$/m);
  });

  it("prints the stack of an error only with --debug", async () => {
    const missing = ["get", "00000000-0000-5000-8000-000000000000"];
    expect((await vep(...missing)).said)
      .to.match(/^amplify-vep: .*00000000/m)
      .and.to.not.include("    at ");
    expect((await vep(...missing, "--debug")).said).to.match(/^amplify-vep: ToolCallError: .*\n {4}at /m);
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
    ["a wrong wild type", ["score", "results/second.json", "M2A"], /position 2 is Lys \(K\), not Met/],
    ["a stop", ["score", "results/second.json", "K2*"], /a stop; only substitutions/],
    ["a table without variants", ["score", "results/second.json", "plain.csv"], /no column mutant.*--column/],
    ["results of two proteins", ["compare", "results/second.json", "results/first_one.json"], /different proteins/],
    ["an assay without its protein", ["validate", "assay.csv"], /--protein/],
    ["a structure without its format", ["export", "results/second.json", "--structure", "in.pdb"], /--format pdb/],
    ["a structure that is not there", [...PDB, "--structure", "none.pdb"], /there is no file 'none\.pdb'/],
    ["a structure of another protein", [...PDB, "--structure", "plain.csv"], /no PDB or mmCIF file/],
    ["a saved query that is not there", ["query", "best-varients"], /the nearest is best-variants/],
    ["a query without a place", ["query", "best-variants"], /either --workgroup.*or --local/],
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
