import { expect } from "chai";
import type { ProteinVariants } from "../../../../contract/genome.js";
import type { Plan } from "../../../../contract/workflow.js";
import { reasonOf } from "../../../../lambda/evidence/steps/stateError.js";
import { AMINO_ACIDS } from "../../../../contract/aminoAcids.js";
import { effectsOf } from "../../../support/effects.js";
import { SEQUENCE } from "../../support/world.js";
import type { Branches } from "../support/branches.js";
import { answer, conservationOf, PROTEIN, row } from "../support/evidenceRows.js";
import { WorkflowWorld } from "../support/workflowWorld.js";

const REGION = { unique_entry_id: "one", base_seq_name: "C54H2.5.1" };
const FASTA = `>C54H2.5.1_ref\n${SEQUENCE}\n>C54H2.5.1_alt\n${SEQUENCE.replace("K", "R")}\n`;
const VARIANTS: ProteinVariants = {
  unique_entry_id: "one",
  name: "C54H2.5.1_ref",
  sequence: SEQUENCE,
  to_score: [{ variant_ids: ["yn32"], variant: "K2R" }],
  not_scored: [{ variant_id: "tm3067", reason: "a deletion of 12 bases" }],
};

describe("the steps of a workflow", () => {
  let world: WorkflowWorld;
  beforeEach(() => {
    world = new WorkflowWorld();
  });

  it("joins scores, sources and alignment to one table, in which every row says where it is from", async () => {
    const { id, table } = await world.gathered(
      { accession: "P01308", variants: "K2R", homologues: `>mouse\n${SEQUENCE}\n` },
      {
        protein: PROTEIN,
        sources: {
          uniprot: answer("uniprot", [
            row({ start: 2, end: 2, variant: "K2R" }),
            row({ start: 5, end: 20, kind: "domain" }),
          ]),
        },
        conservation: conservationOf(SEQUENCE),
      },
    );

    const ofVariant = table.rows.filter(({ variant }) => variant === "K2R");
    expect(ofVariant.map(({ kind, value, source }) => [kind, value, source])).to.deep.equal([
      ["PSSM log-odds", "1.4000", "alignment of this workflow (clustalo 1.2.4)"],
      ["llr", "-1.0000", "chandar-lab/AMPLIFY_120M (synthetic weights: numbers without meaning)"],
      ["natural variant", "in a family with diabetes", "uniprot"],
      ["seen in homologue", "mouse, rat", "alignment of this workflow (clustalo 1.2.4)"],
    ]);
    for (const one of table.rows) {
      const { kind, value, source, source_version: version, retrieved_at: at, url, licence } = one;
      for (const part of [kind, value, source, version, at, url, licence])
        expect(part, JSON.stringify(one)).to.be.a("string").and.not.equal("");
    }
    const starts = table.rows.map(({ start = 0 }) => start);
    expect(starts).to.deep.equal(starts.toSorted((a, b) => a - b));
    expect(table.protein).to.include({ name: "P01308", gene: "INS" });
    expect(table.scores).to.include({ status: "ok", weights: "synthetic" });
    expect(table.notice).to.include("Research use only");
    expect(world.workflow(id).state).to.equal("workflow_completed");
  });

  it("names every part that failed, and completes with the others", async () => {
    const { id, table } = await world.gathered(
      { accession: "P01308", homologues: `>mouse\n${SEQUENCE}\n>bad\nMK1\n` },
      {
        protein: PROTEIN,
        model: "Failed",
        conservation: {
          Error: "Lambda.Unknown",
          Cause: '{"errorType":"AlignerError","errorMessage":"clustalo ended with 1"}',
        },
        sources: {
          uniprot: {
            source: "uniprot",
            status: "unavailable",
            reason: "429: too many requests",
            rows: [],
            refused: [],
          },
          clinvar: { Error: "States.Timeout" },
          alphafold: answer("alphafold", [row({ kind: "structure" })]),
        },
      },
    );

    const statuses = Object.fromEntries(
      table.sources.map(({ source, status, reason }) => [source, `${status}: ${reason ?? ""}`]),
    );
    expect(statuses).to.include({
      uniprot: "unavailable: 429: too many requests",
      clinvar: "unavailable: States.Timeout",
      pubmed: "unavailable: its answer is not there",
      alphafold: "ok: ",
    });
    expect(table.rows.map(({ source }) => source)).to.deep.equal(["alphafold"]);
    expect(table.scores).to.include({ status: "failed" });
    expect(table.scores.reason).to.include("CUDA out of memory");
    expect(table.alignment).to.include({ status: "failed", reason: "Lambda.Unknown: clustalo ended with 1" });
    expect(table.retrieval.failed?.map(({ unique_entry_id: name }) => name)).to.deep.equal(["bad"]);
    expect(world.workflow(id).state).to.equal("workflow_completed");
  });

  const TOO_SLOW = { Error: "InputError", Cause: '{"errorMessage":"mafft did not end in 43170 s"}' };
  for (const [what, branches, expected] of [
    ["a job aligned", { job: "completed", conservation: conservationOf(SEQUENCE) }, { status: "ok", sequences: 3 }],
    [
      "a job failed, with its own reason",
      { job: "failed", conservation: TOO_SLOW },
      { status: "failed", reason: "InputError: mafft did not end in 43170 s" },
    ],
    ["a job left nothing", { job: "lost" }, { status: "failed", reason: "NoAnswer: The job 1 left no answer." }],
  ] as const) {
    it(`says where ${what}`, async () => {
      const { table } = await world.gathered(
        { sequence: SEQUENCE, score: false, homologues: `>mouse\n${SEQUENCE}\n` },
        branches,
      );

      expect(table.alignment).to.include(expected);
      expect(table.rows.some(({ kind }) => kind === "conservation")).to.equal(expected.status === "ok");
    });
  }

  it("gives the reason of AWS Batch for a job that could not leave its own", () => {
    const container = { ExitCode: 137, Reason: "OutOfMemoryError: Container killed due to memory usage" };
    const cause = { JobId: "1", StatusReason: "Essential container in task exited", Container: container };

    expect(reasonOf({ Error: "States.TaskFailed", Cause: JSON.stringify(cause) })).to.equal(
      `States.TaskFailed: Essential container in task exited: ${container.Reason}`,
    );
    expect(reasonOf({ Error: "States.TaskFailed", Cause: "null" })).to.equal("States.TaskFailed: null");
  });

  it("refuses rows that do not fit the sequence, whatever their source has checked", async () => {
    const { table } = await world.gathered(
      { accession: "P01308", score: false },
      {
        protein: PROTEIN,
        sources: {
          uniprot: answer("uniprot", [
            row({ start: 2, end: 2, variant: "A2R" }),
            row({ start: 60, end: 70 }),
            row({ start: 0, end: 1 }),
            row({ start: 3, end: 3, variant: "nonsense" }),
            row({ start: 2, end: 2, variant: "K2A" }),
          ]),
        },
      },
    );

    expect(table.rows.map(({ variant }) => variant)).to.deep.equal(["K2A"]);
    expect(table.refused.map(({ reason }) => reason)).to.have.length(4);
    expect(table.refused[0]?.reason).to.include("position 2 is Lys");
    expect(table.refused[1]?.reason).to.include("outside the protein of 65 residues");
    expect(table.sources.find(({ source }) => source === "uniprot")).to.include({ rows: 1, refused: 4 });
  });

  it("scores the substitutions that are embedded in the protein of the first region, and names what is not scored", async () => {
    const other: ProteinVariants = { ...VARIANTS, name: "mgl-1_ref", sequence: "MKT", not_scored: [] };
    const { id, table } = await world.gathered(
      { regions: [REGION, { unique_entry_id: "two" }] },
      {
        retrieval: { fasta: `${FASTA}>mgl-1_ref\nMKT\n`, variants: [VARIANTS, other] },
        failedRegions: [{ unique_entry_id: "two", reason: "exon 2 overlaps exon 1" }],
        conservation: conservationOf(SEQUENCE),
      },
    );

    const request = JSON.parse(
      world.text(`async-inference-input/${world.workflow(id).job_id ?? ""}.json`) ?? "{}",
    ) as object;
    expect(request).to.deep.include({ sequence: SEQUENCE, variants: ["K2R"] });
    expect(table.rows.filter(({ variant }) => variant === "K2R").map(({ kind }) => kind)).to.include.members([
      "llr",
      "variant of the genome",
    ]);
    expect(table.not_scored).to.deep.equal([
      { variant: "tm3067", reason: "a deletion of 12 bases" },
      { variant: "yn32", reason: "mgl-1_ref is not the protein of this workflow" },
    ]);
    expect(table.retrieval).to.deep.include({
      status: "ok",
      failed: [{ unique_entry_id: "two", reason: "exon 2 overlaps exon 1" }],
    });
    expect(world.text(`evidence/${id}/family.fasta`))
      .to.include(">C54H2.5.1_ref\n")
      .and.to.include(">mgl-1_ref\n");
  });

  it("fails with the reason where the first region or the accession gives no protein", async () => {
    const reasonOf = async (input: object, branches: Branches): Promise<string | undefined> => {
      const { workflow_id: id } = await world.start(input);
      await world.run(id, branches);
      expect(world.workflow(id).state).to.equal("workflow_failed");
      return world.workflow(id).reason;
    };
    const failedRegions = [{ unique_entry_id: "one", reason: "a strand that is neither" }];

    expect(await reasonOf({ regions: [REGION] }, { retrieval: { fasta: "", variants: [] }, failedRegions })).to.include(
      "a strand that is neither",
    );
    expect(await reasonOf({ regions: [REGION] }, { retrieval: { Error: "States.Timeout" } })).to.include(
      "States.Timeout",
    );
    expect(
      await reasonOf({ accession: "P01308" }, { protein: { Error: "InputError", Cause: '{"errorMessage":"gone"}' } }),
    ).to.include("gone");
  });

  it("goes on with the caller's sequence where nothing is known of the accession", async () => {
    const { table } = await world.gathered(
      { accession: "P01308", sequence: SEQUENCE, sources: [] },
      { protein: { Error: "States.Timeout" } },
    );

    expect(table.resolution).to.deep.equal({ status: "unavailable", reason: "States.Timeout" });
    expect(table.scores.status).to.equal("ok");
  });

  it("scores a protein with residues that the model does not know not at all, and gathers the rest", async () => {
    const sequence = `${SEQUENCE}U`;
    const { table } = await world.gathered(
      { accession: "P01308", variants: ["K2R", "K1R"] },
      { protein: { ...PROTEIN, sequence }, sources: { uniprot: answer("uniprot", [row({ start: 66, end: 66 })]) } },
    );

    expect(table.scores.status).to.equal("failed");
    expect(table.scores.reason).to.include("selenocysteine");
    expect(table.rows).to.have.length(1);
    expect(table.not_scored.map(({ variant }) => variant)).to.deep.equal(["K1R"]);
  });

  it("asks the model once for the same protein, and answers a finished job at once", async () => {
    await world.gathered({ sequence: SEQUENCE });
    const { table } = await world.gathered({ sequence: SEQUENCE });

    expect(world.invocations).to.equal(1);
    expect(table.scores.status).to.equal("ok");
  });

  it("gives the correlation of llr and PSSM, and the note of a small alignment", async () => {
    const byOrder = (sequence: string) =>
      effectsOf(
        sequence,
        Object.fromEntries(Array.from(AMINO_ACIDS, (mutant, order) => [mutant, Array.from(sequence, () => order)])),
      );
    const { table } = await world.gathered(
      { sequence: SEQUENCE, homologues: `>mouse\n${SEQUENCE}\n` },
      { result: byOrder, conservation: conservationOf(SEQUENCE, { n_eff: 1.2, note: "too few sequences" }) },
    );

    expect(table.alignment.spearman_llr_pssm).to.be.closeTo(1, 1e-12);
    expect(table.alignment).to.include({ note: "too few sequences", n_eff: 1.2 });
  });

  it("plans no branch that nobody asked for", async () => {
    const { workflow_id: id } = await world.start({ accession: "P01308", sources: ["literature"], score: false });
    world.put({ bucket: "results-bucket", key: `evidence/${id}/resolved.json` }, PROTEIN);

    const plan = (await world.step({
      task: "prepare",
      state: { workflow: id, resolution: { answer: { status: "ok" } } },
    })) as Plan;

    expect(plan).to.have.keys("workflow", "score", "sources");
    expect(plan.sources.map(({ source, share_sequence: share }) => [source, share])).to.deep.equal([["pubmed", false]]);
  });
});
