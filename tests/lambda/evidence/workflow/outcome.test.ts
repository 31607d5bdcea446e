import { expect } from "chai";
import { auditArchiveKey } from "../../../../contract/audit.js";
import { SEQUENCE, succeeded } from "../../support/world.js";
import { answer, conservationOf, PROTEIN, row } from "../support/evidenceRows.js";
import { WorkflowWorld } from "../support/workflowWorld.js";

describe("the outcome of a workflow", () => {
  let world: WorkflowWorld;
  beforeEach(() => {
    world = new WorkflowWorld();
  });

  it("explains a position of a job to the owner of its newest completed workflow", async () => {
    const { id, table } = await world.gathered(
      { accession: "P01308" },
      {
        protein: PROTEIN,
        sources: {
          uniprot: answer("uniprot", [row({ start: 5, end: 20, kind: "domain" }), row({ start: 21, end: 21 })]),
        },
      },
    );

    const explained = succeeded(
      await world.direct("explain_position", { output_id: table.scores.job_id, position: 7 }),
    ).data;
    const none = succeeded(
      await world.direct("explain_position", { output_id: "0a8d4b6e-0000-8000-8000-000000000001", position: 7 }),
    ).data;

    expect(explained).to.deep.include({ workflow_id: id, left_out: 0 });
    expect("rows" in explained && explained.rows.map(({ kind }) => kind)).to.deep.equal(["domain"]);
    expect(none).to.deep.include({ workflow_id: null, rows: [] });
    world.pass(90 * 86_400);
    const late = await world.direct("explain_position", { output_id: table.scores.job_id, position: 7 });
    expect(succeeded(late).data).to.deep.include({ workflow_id: null, rows: [] });
  });

  it("writes a page that shows each row with its source, and nothing that a source could run", async () => {
    const evil = row({
      start: 2,
      end: 2,
      variant: "K2R",
      value: '<img src=x onerror="alert(1)">',
      url: "javascript:alert(1)",
    });
    const { id } = await world.gathered(
      { accession: "P01308" },
      { protein: PROTEIN, sources: { uniprot: answer("uniprot", [evil, row({ kind: "function" })]) } },
    );

    const page = world.text(`evidence/${id}/report.html`) ?? "";

    expect(page).to.include("Research use only").and.to.include('<a href="https://www.uniprot.org/uniprotkb/P01308"');
    expect(page).to.not.include("<img").and.to.not.include("javascript:").and.to.not.include("<script");
  });

  it("says nothing of a sequence in logs, ledger and audit", async () => {
    await world.gathered(
      { sequence: SEQUENCE, homologues: `>mouse\n${SEQUENCE}\n` },
      { conservation: conservationOf(SEQUENCE) },
    );

    expect(world.logged).to.not.include(SEQUENCE);
    expect(JSON.stringify([...world.table.items.values()])).to.not.include(SEQUENCE);
  });

  it("archives no day before its last calls are sure to be found", async () => {
    await world.start({ sequence: SEQUENCE });
    const midnight = Date.UTC(2026, 2, 2);
    world.pass((midnight - world.now.getTime()) / 1_000 + 1_800);
    const soon = await world.step({ task: "archive" });
    world.pass(3_600);

    expect(soon).to.deep.equal({ archived: [] });
    expect(await world.step({ task: "archive" })).to.deep.equal({ archived: ["2026-03-01"] });
  });

  it("archives each past day once, one line a call, and what it missed later", async () => {
    await world.start({ sequence: SEQUENCE });
    world.pass(86_400);
    await world.start({ sequence: SEQUENCE });
    world.pass(2 * 86_400);

    const first = await world.step({ task: "archive" });
    const again = await world.step({ task: "archive" });

    expect(first).to.deep.equal({ archived: ["2026-03-01", "2026-03-02"] });
    expect(again).to.deep.equal({ archived: [] });
    const lines = (world.text(auditArchiveKey("2026-03-01")) ?? "")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ owner: "direct", action: "start_workflow", result: "OK" });
    expect(auditArchiveKey("2026-03-01")).to.equal("audit/2026/03/2026-03-01.jsonl");
  });
});
