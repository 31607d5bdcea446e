import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect } from "chai";
import type { Conservation } from "../../../contract/evidence.js";
import type { SequenceInfos } from "../../../contract/genome.js";
import { celegansGenome, entryOf, inline, transcript } from "../../lambda/evidence/support/celegans.js";
import { alignerMissing } from "../../support/aligners.js";

const VEP = fileURLToPath(new URL("../../../commands/vep.ts", import.meta.url));
/** The folder of the call has no node_modules. */
const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const missing = alignerMissing("clustalo");

describe(`vep align${missing === undefined ? "" : `: ${missing}`}`, () => {
  let folder: string;

  before(function () {
    if (missing !== undefined) return this.skip();
    folder = mkdtempSync(path.join(os.tmpdir(), "align-"));
    const { fasta, fai, gzi } = celegansGenome();
    writeFileSync(path.join(folder, "genome.fna.gz"), fasta);
    writeFileSync(path.join(folder, "genome.fna.gz.fai"), fai);
    writeFileSync(path.join(folder, "genome.fna.gz.gzi"), gzi);
  });

  after(() => {
    if (missing === undefined) rmSync(folder, { recursive: true });
  });

  function vep(...words: string[]): { status: number | null; stdout: string; stderr: string } {
    const options = { encoding: "utf8", cwd: folder } as const;
    return spawnSync(process.execPath, [`--import=${TSX}`, VEP, "align", ...words], options);
  }

  it("writes the files of the reference system, and goes on where an entry fails", () => {
    const variants = [inline("yn32", 5_114_224, 5_114_224, "C", "T")];
    const regions = [
      entryOf(transcript("mgl-1"), "genome.fna.gz", { unique_entry_id: "001_mgl-1" }),
      entryOf(transcript("apl-1"), "genome.fna.gz", { unique_entry_id: "002_apl-1", variants }),
      entryOf(transcript("age-1"), "elsewhere.fna.gz"),
    ];
    writeFileSync(path.join(folder, "regions.json"), JSON.stringify(regions));
    const { status, stdout, stderr } = vep("--regions", "regions.json", "--out", "out", "--json");

    expect(status, stderr).to.equal(0);
    expect(stderr).to.match(/^B0334\.8a\.1: file:.*elsewhere\.fna\.gz does not exist/m);
    expect(readdirSync(path.join(folder, "out")).sort()).to.deep.equal([
      "001_mgl-1-protein.fa",
      "001_mgl-1-seqinfo.json",
      "002_apl-1-protein.fa",
      "002_apl-1-seqinfo.json",
      "B0334.8a.1-seqinfo.json",
      "aligned_seq_info.json",
      "alignment-output.aln",
      "conservation.json",
      "variants.json",
    ]);
    const { reference, sequences } = JSON.parse(stdout) as Conservation;
    expect([reference, sequences]).to.deep.equal(["ZC506.4a.1", 2]);
    const read = (name: string): string => readFileSync(path.join(folder, "out", name), "utf8");
    expect(read("001_mgl-1-protein.fa")).to.equal(`>ZC506.4a.1\n${transcript("mgl-1").protein}\n`);
    expect(read("alignment-output.aln")).to.match(/^CLUSTAL O/);
    const infos = JSON.parse(read("aligned_seq_info.json")) as SequenceInfos;
    expect(infos["C42D8.8b.1_alt"]?.embedded_variants?.[0]).to.have.property("alignment_start_pos");
    expect(infos["B0334.8a.1"]?.error).to.match(/does not exist/);
  });

  it("says what is missing or wrong in one line", () => {
    writeFileSync(path.join(folder, "bad.json"), "{");
    writeFileSync(path.join(folder, "empty.json"), "[]");
    writeFileSync(path.join(folder, "one.fasta"), ">only\nMKTAYIAKQR\n");

    expect(vep("--out", "o").stderr).to.match(/give either --regions or --fasta/);
    expect(vep("--regions", "bad.json").stderr).to.match(/'bad.json' is not JSON/);
    const empty = vep("--regions", "empty.json");
    expect([empty.status, empty.stderr]).to.deep.equal([1, "amplify-vep: there is no sequence to align.\n"]);
    expect(vep("--fasta", "one.fasta").stdout).to.match(
      /^1 sequences aligned \(one needs no aligner\); reference only/,
    );
  });
});
