import { expect } from "chai";
import type { GetResultsData } from "../../../contract/tools.js";
import { IndependentRecord } from "../../../commands/faults/independentRecord.js";
import { resultOf } from "../../../commands/faults/modelScores.js";

const ID = "00000000-0000-8000-8000-000000000001";
const PROTEIN = "MKTVRQER";

function answer(more: Partial<GetResultsData>): GetResultsData {
  return {
    output_id: ID,
    status: "completed",
    phase: null,
    results: null,
    s3_output_path: null,
    completion_time: null,
    retry_after_seconds: null,
    ...more,
  };
}

describe("the record of the fault injector", () => {
  let record: IndependentRecord;

  beforeEach(() => {
    record = new IndependentRecord();
    record.accept(ID, PROTEIN);
  });

  /** An attempt that was accepted, recorded and scored. */
  function scored(attempt: number, recorded = true): void {
    record.invoked(`${ID}.${attempt}`);
    if (recorded) record.recorded(`${ID}.${attempt}`);
    record.scored(`${ID}.${attempt}`);
  }

  it("counts a completed job with the right result", () => {
    record.end(ID, answer({ results: resultOf(PROTEIN) }));

    expect(record.counts()).to.deep.equal({
      accepted: 1,
      completed: 1,
      failed: 0,
      expired: 0,
      lost: 0,
      double: 0,
      wrong: 0,
    });
  });

  it("finds the result of another protein, and scores that differ", () => {
    record.end(ID, answer({ results: resultOf("MKTVRQEK") }));
    expect(record.counts()).to.include({ completed: 1, wrong: 1 });

    const { heatmap, ...rest } = resultOf(PROTEIN);
    record.end(ID, answer({ results: { ...rest, heatmap: heatmap.map((row) => row.map((cell) => (cell ?? 0) + 1)) } }));
    expect(record.counts()).to.include({ completed: 1, wrong: 1 });
  });

  it("counts failures and expiries only with a reason", () => {
    record.end(ID, answer({ status: "failed", reason: "The model failed." }));
    expect(record.counts()).to.include({ failed: 1, lost: 0 });

    record.end(ID, answer({ status: "failed", reason: "" }));
    expect(record.counts()).to.include({ failed: 0, lost: 1 });
  });

  it("counts a job as lost that is in progress for ever, unknown, or never answered", () => {
    expect(record.counts()).to.include({ lost: 1 });
    record.end(ID, answer({ status: "in_progress" }));
    expect(record.counts()).to.include({ lost: 1 });
    record.end(ID, undefined);
    expect(record.counts()).to.include({ lost: 1 });
  });

  it("finds a job that was scored twice", () => {
    scored(1);
    scored(2);

    expect(record.repeated()).to.deep.equal([{ outputId: ID, beyond: true }]);
    expect(record.counts()).to.include({ double: 1 });
  });

  it("excuses an attempt whose acceptance was not recorded, but no further one", () => {
    scored(1, false);
    scored(2);
    expect(record.repeated()).to.deep.equal([{ outputId: ID, beyond: false }]);

    scored(3);
    expect(record.repeated()).to.deep.equal([{ outputId: ID, beyond: true }]);
  });

  it("excuses a request that the SDK sent again because its answer was lost", () => {
    scored(1);
    scored(1);
    expect(record.counts()).to.include({ double: 0 });

    record.scored(`${ID}.1`);
    expect(record.counts()).to.include({ double: 1 });
  });

  it("excuses a result that SageMaker could not store", () => {
    scored(1);
    record.resultLost(PROTEIN);
    scored(2);

    expect(record.counts()).to.include({ double: 0 });
  });
});
