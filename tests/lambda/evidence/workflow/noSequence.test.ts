import { expect } from "chai";
import type { ProteinVariants } from "../../../../contract/genome.js";
import { SEQUENCE } from "../../support/world.js";
import { conservationOf, PROTEIN } from "../support/evidenceRows.js";
import { WorkflowWorld } from "../support/workflowWorld.js";

/** Residues that identify a protein. */
const WINDOW = 6;

const VARIANTS: ProteinVariants = {
  ...{ unique_entry_id: "one", name: "one_ref", sequence: SEQUENCE },
  to_score: [{ variant_ids: ["v"], variant: "K2R" }],
  not_scored: [],
};

function expectNoSequence(text: string): void {
  for (let start = 0; start + WINDOW <= SEQUENCE.length; start++) {
    const part = SEQUENCE.slice(start, start + WINDOW);
    expect(text.includes(part), `${part} in ${text.slice(0, 300)}`).to.equal(false);
  }
}

describe("the sequence of a workflow", () => {
  let world: WorkflowWorld;
  beforeEach(() => {
    world = new WorkflowWorld();
  });

  const branches = {
    protein: PROTEIN,
    retrieval: { fasta: `>one_ref\n${SEQUENCE}\n`, variants: [VARIANTS] },
    conservation: conservationOf(SEQUENCE),
  };
  const homologues = `>mouse\n${SEQUENCE}\n>bad\n${SEQUENCE}1\n${SEQUENCE}\n`;
  for (const [what, input] of [
    ["sequence", { sequence: SEQUENCE, homologues, variants: "K2R" }],
    ["accession with the caller's sequence", { accession: "P01308", sequence: SEQUENCE, share_sequence: true }],
    ["region of a genome", { regions: [{ unique_entry_id: "one", base_seq_name: "one" }], homologues }],
  ] as const) {
    it(`is in no state of an execution, no log, and no item of a table: ${what}`, async () => {
      const { workflow_id: id } = await world.start(input);
      await world.run(id, branches);

      expect(world.workflow(id).state).to.equal("workflow_completed");
      expect(world.states.length).to.be.greaterThan(5);
      // States, and what starts an execution, are in its history for 90 days.
      expectNoSequence(JSON.stringify([world.states, world.executions, [...world.table.items.values()]]));
      expectNoSequence(world.logged);
    });
  }

  for (const file of ["protein", "resolved", "prepared"] as const) {
    for (const text of [SEQUENCE, `{"sequence":"${SEQUENCE}`, `{"sequence":${SEQUENCE}}`]) {
      it(`is in no error of a damaged file: ${file}.json with ${text.slice(0, 14)}...`, async () => {
        const { workflow_id: id } = await world.start({ accession: "P01308", sequence: SEQUENCE });
        const state = { workflow: id, score: false, sources: [], gathered: [{}, [], {}] };
        for (const one of ["protein", "resolved", "prepared"]) {
          const key = `evidence/${id}/${one}.json`;
          world.put({ bucket: "results-bucket", key }, one === file ? text : { sequence: SEQUENCE });
        }
        const task =
          file === "resolved"
            ? { task: "prepare", state: { workflow: id, resolution: { answer: { status: "ok" } } } }
            : { task: "join", state };

        const error = (await world.step(task).catch((one: unknown) => one)) as Error;

        expect(error.message).to.match(/is not JSON/);
        expectNoSequence(`${error.message} ${String(error.stack)} ${JSON.stringify(error)}`);
        expectNoSequence(world.logged);
      });
    }
  }
});
