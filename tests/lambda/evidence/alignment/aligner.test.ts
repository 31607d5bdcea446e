import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { alignSequences, readSequences } from "../../../../lambda/evidence/alignment/alignedFiles.js";
import { align, ALIGNERS, installCommand } from "../../../../lambda/evidence/alignment/aligner.js";
import { formatClustal, parseClustal } from "../../../../lambda/evidence/alignment/clustal.js";
import { alignerMissing } from "../../../support/aligners.js";

const FAMILY = [
  { name: "human", sequence: "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSGAEKAVQVKVKALPDAQFEVV" },
  { name: "a_name_that_is_longer_than_thirty_characters", sequence: "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVG" },
  { name: "worm", sequence: "MSTAYIKKQRQVSFVKSHFSRQLEDRLGLIEVQAPILSDGTQDNLSGAEKAVQVKVKALPDAQFEVV" },
];

const OPTIONS = { reference: "human", infos: {}, timeoutMs: 30_000 } as const;

/** The error of a promise. */
async function errorOf(promise: Promise<unknown>): Promise<{ code?: string; message: string }> {
  return promise.then(
    () => ({ message: "no error" }),
    (error: unknown) => error as { code?: string; message: string },
  );
}

/** Whether a process runs; one that has ended and whose parent has not asked does not. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** Runs with a PATH that has only programs of the given contents. */
async function withPrograms<Result>(
  programs: Readonly<Record<string, string>>,
  work: () => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "programs-"));
  const before = process.env["PATH"];
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(programs)) writeFileSync(path.join(folder, name), text, { mode: 0o755 });
  process.env["PATH"] = folder;
  try {
    return await work();
  } finally {
    process.env["PATH"] = before;
    rmSync(folder, { recursive: true });
  }
}

for (const aligner of ALIGNERS) {
  const missing = alignerMissing(aligner);

  describe(`${aligner}${missing === undefined ? "" : `: ${missing}`}`, () => {
    before(function () {
      if (missing !== undefined) this.skip();
    });

    for (const count of [2, 3]) {
      it(`aligns ${count} sequences, keeps their order and names, and changes none`, async () => {
        const given = FAMILY.slice(0, count);
        const { rows, text, aligner: used } = await align(given, aligner, 30_000);

        expect(used).to.equal(aligner);
        expect(rows.map(({ name }) => name)).to.deep.equal(given.map(({ name }) => name));
        expect(rows.map(({ aligned }) => aligned.replaceAll("-", ""))).to.deep.equal(given.map((one) => one.sequence));
        expect(text).to.match(/^CLUSTAL /);
        expect(parseClustal(text)).to.deep.equal(rows);
      });
    }

    it("gives the same alignment each time", async () => {
      const [first, second] = [await align(FAMILY, aligner, 30_000), await align(FAMILY, aligner, 30_000)];
      expect(second).to.deep.equal(first);
    });

    it("leaves sequences with variants out of the conservation", async () => {
      const sequences = [...FAMILY, { name: "human_alt", sequence: FAMILY[0]?.sequence.replace("AYI", "AWI") ?? "" }];
      const infos = { human_alt: { embedded_variants: [] } };
      const { conservation, text } = await alignSequences(sequences, { ...OPTIONS, aligner, infos });

      expect(parseClustal(text)).to.have.length(4);
      expect(conservation.sequences).to.equal(3);
      expect(conservation.seen_in).to.not.have.property("Y5W");
    });
  });
}

describe("an alignment", () => {
  it("of one sequence needs no aligner", async () => {
    const [one] = FAMILY;
    const { text, conservation } = await withPrograms({}, () =>
      alignSequences(one ? [one] : [], { ...OPTIONS, aligner: "clustalo" }),
    );

    expect(parseClustal(text)).to.deep.equal([{ name: "human", aligned: one?.sequence }]);
    expect(conservation).to.include({ aligner: "none", sequences: 1, n_eff: 1, note: "too few sequences" });
    expect(conservation.seen_in).to.deep.equal({});
  });

  it("of no sequence is refused, and so is a reference that is not there", async () => {
    const of = (sequences: typeof FAMILY, reference: string): Promise<unknown> =>
      alignSequences(sequences, { ...OPTIONS, reference, aligner: "clustalo" });

    expect(await errorOf(of([], "human"))).to.include({
      code: "ALIGNMENT_FAILED",
      message: "There is no sequence to align.",
    });
    expect((await errorOf(of(FAMILY, "mouse"))).message).to.equal(
      "There is no sequence 'mouse', which is to be the reference.",
    );
  });

  it("without the aligner names the command that installs it", async () => {
    const error = await withPrograms({}, () => errorOf(align(FAMILY, "clustalo", 1_000)));

    expect(error.code).to.equal("ALIGNER_MISSING");
    expect(error.message).to.include(installCommand("clustalo"));
    const commands = (["linux", "darwin"] as const).map((platform) => installCommand("mafft", platform));
    expect(commands).to.deep.equal(["sudo apt-get install -y mafft", "brew install mafft"]);
  });

  for (const [what, program, expected] of [
    ["fails", "echo FATAL: no memory >&2; exit 3", /^mafft ended with code 3: FATAL: no memory$/],
    [
      "names residues",
      `echo "bad: ${"MKTAYIAKQR".repeat(5)}" >&2; exit 1`,
      /^mafft ended with code 1: bad: \[residues\]$/,
    ],
    [
      "names a few residues, in any case",
      'echo "cannot initialise, unrecognised: mktayiakqrqisf" >&2; exit 1',
      /^mafft ended with code 1: cannot initialise, unrecognised: \[residues\]$/,
    ],
    ["does not end", "while :; do :; done", /^mafft did not end in 0 s, or had too little memory/],
    ["writes nothing", "exit 0", /^The aligner wrote no alignment that can be read\.$/],
    ["writes rows of different lengths", "printf '>a\\nMK\\n>b\\nM\\n'", /^The aligner wrote no alignment/],
  ] as const) {
    it(`is refused where the aligner ${what}`, async () => {
      const error = await withPrograms({ mafft: `#!/bin/sh\n${program}\n` }, () =>
        errorOf(align(FAMILY, "mafft", 300)),
      );

      expect(error.message).to.match(expected);
      expect(error.code).to.equal("ALIGNMENT_FAILED");
    });
  }

  it("that does not end is ended with the programs that the aligner has started: MAFFT is a script", async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "pid-"));
    const script = `#!/bin/sh\n/bin/sleep 600 &\necho $! > ${folder}/pid\nwait\n`;
    try {
      const error = await withPrograms({ mafft: script }, () => errorOf(align(FAMILY, "mafft", 300)));
      const pid = Number(readFileSync(`${folder}/pid`, "utf8"));

      expect(error.message).to.match(/^mafft did not end in 0 s/);
      expect(isRunning(pid)).to.equal(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is written and read in Clustal's format, with marks of similar residues and counts", () => {
    const rows = [
      { name: "a", aligned: `MS-K${"A".repeat(58)}` },
      { name: "bc", aligned: `MT-W${"A".repeat(57)}-` },
    ];
    const text = formatClustal(rows, "test");

    expect(text.split("\n").slice(0, 6)).to.deep.equal([
      "CLUSTAL test",
      "",
      "",
      `a       MS-K${"A".repeat(56)}\t59`,
      `bc      MT-W${"A".repeat(56)}\t59`,
      `        *:  ${"*".repeat(56)}`,
    ]);
    expect(parseClustal(text)).to.deep.equal(rows);
    for (const bad of ["", "FASTA", "CLUSTAL\n\na MK\nb M\n", "CLUSTAL\n\n12 34 56\n"]) {
      expect(() => parseClustal(bad), bad).to.throw("The aligner wrote no alignment");
    }
  });

  it("takes the sequences of a FASTA file that can be aligned, and names the others", () => {
    const { sequences, failed } = readSequences(">a x\nMK\nTV*\n>a\nMK\n>b\n\n>\nMK\n>c\nM-K\n>d\nMKX\n");

    expect(sequences).to.deep.equal([
      { name: "a", sequence: "MKTV*" },
      { name: "d", sequence: "MKX" },
    ]);
    expect(failed.map(({ unique_entry_id: id, reason }) => `${id}: ${reason}`)).to.deep.equal([
      "a: Another sequence has the same name.",
      "b: The sequence is empty.",
      "record 4: The record has no name.",
      "c: The sequence has other characters than letters.",
    ]);
  });
});
