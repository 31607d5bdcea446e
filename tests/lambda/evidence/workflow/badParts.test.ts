import { expect } from "chai";
import type { FailedSequence } from "../../../../contract/evidence.js";
import type { EvidenceTable } from "../../../../contract/evidenceTable.js";
import type { LedgerItem } from "../../../../contract/jobs.js";
import { createAlignmentHandler } from "../../../../lambda/evidence/alignment/handler.js";
import { listedFailures } from "../../../../lambda/evidence/failures.js";
import { BUCKET, SEQUENCE, toolsContext } from "../../support/world.js";
import { answer, conservationOf, PROTEIN, row } from "../support/evidenceRows.js";
import { WorkflowWorld } from "../support/workflowWorld.js";

/** Most bytes of the data of a state. */
const STATE_BYTES = 256 * 1024;

const REGIONS = [{ unique_entry_id: "one", base_seq_name: "one" }];

describe("parts of a workflow that cannot be used", () => {
  let world: WorkflowWorld;
  beforeEach(() => {
    world = new WorkflowWorld();
  });

  for (const [what, text, reason] of [
    ["deleted", undefined, "was deleted"],
    ["damaged", "{", "is not JSON"],
  ] as const) {
    it(`names a result of the model that is ${what}, and has the rest`, async () => {
      const input = { sequence: SEQUENCE, homologues: `>mouse\n${SEQUENCE}\n` };
      const branches = { conservation: conservationOf(SEQUENCE) };
      const { id } = await world.gathered(input, branches);
      const job = world.table.items.get(world.workflow(id).job_id ?? "") as unknown as LedgerItem;
      const state = { workflow: id, score: true, sources: [], gathered: [{}, [], {}] };
      world.objects.delete(job.output_location ?? "");
      if (text !== undefined) world.objects.set(job.output_location ?? "", { text, modifiedAt: world.now });

      await world.step({ task: "join", state });

      const { scores } = JSON.parse(world.text(`evidence/${id}/evidence.json`) ?? "{}") as EvidenceTable;
      expect(scores).to.include({ status: "failed", job_id: job.output_id });
      expect(scores.reason).to.include(reason);
    });
  }

  it("names an alignment and a source whose files are damaged, and has the rest", async () => {
    const { workflow_id: id } = await world.start({ accession: "P01308", homologues: `>mouse\n${SEQUENCE}\n` });
    const answers = { uniprot: answer("uniprot", [row({})]), clinvar: answer("clinvar", [row({ source: "clinvar" })]) };
    await world.run(id, { protein: PROTEIN, sources: answers, conservation: conservationOf(SEQUENCE) });
    const joined = world.states.find(
      (state) => (state as { readonly task?: string } | null)?.task === "join",
    ) as object;
    for (const file of ["alignment/conservation.json", "sources/uniprot.json"]) {
      world.put({ bucket: BUCKET, key: `evidence/${id}/${file}` }, "{");
    }

    await world.step(joined);

    const table = JSON.parse(world.text(`evidence/${id}/evidence.json`) ?? "{}") as EvidenceTable;
    const [uniprot, clinvar] = ["uniprot", "clinvar"].map((name) =>
      table.sources.find(({ source }) => source === name),
    );
    expect(table.alignment.status).to.equal("failed");
    expect(table.alignment.reason).to.match(/^A file of the workflow is not JSON: .*conservation\.json\.$/);
    expect(uniprot?.status).to.equal("unavailable");
    expect(uniprot?.reason).to.match(/uniprot\.json/);
    expect([clinvar?.status, clinvar?.rows, table.scores.status]).to.deep.equal(["ok", 1, "ok"]);
  });

  it("aligns a protein of the genome that has an unknown residue, and says that it is not scored", async () => {
    const sequence = `${SEQUENCE.slice(0, 9)}X${SEQUENCE.slice(10)}`;
    const { id, table } = await world.gathered(
      { regions: REGIONS },
      { retrieval: { fasta: `>one\n${sequence}\n`, variants: [] }, conservation: conservationOf(sequence) },
    );

    expect(table.protein.sequence).to.equal(sequence);
    expect(table.scores.reason).to.include("X is an unknown residue");
    expect(table.alignment.status).to.equal("ok");
    expect(world.text(`evidence/${id}/family.fasta`)).to.equal(`>one\n${sequence}\n`);
  });

  it("aligns homologues with residues that the model does not know, and names those that are no protein", async () => {
    const homologues = `>mouse\nMKX\nub*\n>rat\nMK-T\n>dog\nMK*T\n>cow\n`;
    const { id, table } = await world.gathered(
      { sequence: SEQUENCE, homologues, score: false },
      { conservation: conservationOf(SEQUENCE) },
    );

    expect(world.text(`evidence/${id}/family.fasta`)).to.match(/\n>mouse\nMKXUB\n$/);
    expect(table.retrieval.failed?.map(({ unique_entry_id: name }) => name)).to.deep.equal(["rat", "dog", "cow"]);
  });

  it("says how many failed where not all are listed", async () => {
    const { table } = await world.gathered(
      { regions: REGIONS },
      {
        retrieval: { fasta: `>one\n${SEQUENCE}\n`, variants: [] },
        failedRegions: [{ unique_entry_id: "two", reason: "no strand" }],
        notAligned: [{ unique_entry_id: "dog", reason: "too long" }],
        failedCount: 900,
        conservation: conservationOf(SEQUENCE),
      },
    );

    expect(table.retrieval.reason).to.match(/^899 more failed than are listed; all are in s3:.*seqinfo\.json$/);
    expect(table.alignment.reason).to.equal("not aligned: dog: too long; 899 more failed than are listed");
  });

  it("lists no more failures than the data of a state can have, whatever their reasons", () => {
    const failures = (reason: string): FailedSequence[] =>
      Array.from({ length: 1_000 }, (_, index) => ({ unique_entry_id: `entry-${index}`, reason }));

    const short = listedFailures(failures("no strand"));
    const long = listedFailures(failures(`s3://${"ä".repeat(2_000)} does not exist.`));

    expect([short.failed.length, short.failed_count]).to.deep.equal([200, 1_000]);
    expect(long.failed_count).to.equal(1_000);
    expect(long.failed).to.not.be.empty;
    expect(Buffer.byteLength(JSON.stringify(long))).to.be.below(STATE_BYTES / 2);
  });

  it("keeps the answer of an alignment small, of which most sequences cannot be aligned", async () => {
    const { objects, telemetry } = world.services;
    const at = (key: string) => ({ bucket: BUCKET, key });
    world.put(at("evidence/1/family.fasta"), `>one\n${SEQUENCE}\n${">bad\nM1\n".repeat(5_000)}`);

    const align = createAlignmentHandler({ objects, telemetry });
    const task = {
      task: "align",
      sequences: at("evidence/1/family.fasta"),
      reference: "one",
      output: at("evidence/1/"),
    };
    const answered = await world.quietly(() => align(task, toolsContext()));

    expect(answered).to.include({ sequences: 1, failed_count: 5_000 });
    expect(JSON.stringify(answered).length).to.be.below(STATE_BYTES / 2);
  });
});
