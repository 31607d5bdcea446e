import { expect } from "chai";
import { figure, median } from "../../../commands/bench/figure.js";

describe("a figure", () => {
  it("meets or misses its goal", () => {
    expect(figure("plan", 1.5, "s", "<= 2")).to.include({ holds: true });
    expect(figure("plan", 2.5, "s", "<= 2")).to.include({ holds: false });
    expect(figure("speed-up", 3, "x", ">= 3")).to.include({ holds: true });
    expect(figure("speed-up", 2.9, "x", ">= 3")).to.include({ holds: false });
  });

  it("is not compared without a goal, or with a goal for other hardware", () => {
    expect(figure("size", 7, "kB", null)).to.include({ holds: null });
    expect(figure("speed-up", 1, "x", ">= 3", false)).to.include({ goal: ">= 3", holds: null });
  });

  it("refuses a goal that cannot be read", () => {
    expect(() => figure("plan", 1, "s", "fast")).to.throw(RangeError, "'fast'");
  });
});

describe("median", () => {
  it("is the middle value, or the mean of the two middle values", () => {
    expect(median([9, 1, 2])).to.equal(2);
    expect(median([4, 1, 2, 3])).to.equal(2.5);
  });
});
