import { expect } from "chai";
import { brakeText } from "../../../commands/vep/brake.js";

describe("vep brake", () => {
  const off = { on: false, changed_at: "", reason: "", min_capacity: 1, max_capacity: 4 };

  it("says whether jobs are taken, and how many instances there can be", () => {
    const on = { on: true, changed_at: "2026-11-30T00:00:00Z", reason: "by hand", min_capacity: 0, max_capacity: 0 };

    expect(brakeText(off)).to.match(/\(never changed\)\.\nJobs are taken\.\nThe endpoint has 1 to 4 instance\(s\)\.$/);
    expect(brakeText(on)).to.include("since 2026-11-30T00:00:00Z: by hand").and.include("vep brake release");
    expect(brakeText(on)).to.match(/\nThe endpoint has 0 instance\(s\)\.$/);
  });

  it("names every model version where there are several", () => {
    const versions = [
      { name: "base", min_capacity: 1, max_capacity: 4 },
      { name: "v2", min_capacity: 0, max_capacity: 0 },
    ];

    expect(brakeText({ ...off, versions })).to.match(
      /\nModel version base has 1 to 4 instance\(s\)\.\nModel version v2 has 0 instance\(s\)\.$/,
    );
  });
});
