import { expect } from "chai";
import { SkippingClock } from "../../../local/twin/skippingClock.js";

describe("a clock that skips time", () => {
  it("calls what became due, in order, and only once", () => {
    const clock = new SkippingClock();
    const called: string[] = [];
    clock.after(7_200_000, () => called.push("after two hours"));
    clock.after(60_000, () => called.push("after a minute"));
    clock.after(86_400_000, () => called.push("tomorrow"));

    clock.skip(3 * 3_600);
    clock.skip(1);

    expect(called).to.deep.equal(["after a minute", "after two hours"]);
    expect(clock.aheadMs).to.equal(10_801_000);
    const before = Date.now();
    expect(clock.now() - clock.aheadMs).to.be.within(before, Date.now());
  });

  it("does not call what was cancelled, also by an action that became due with it", () => {
    const clock = new SkippingClock();
    const called: string[] = [];
    clock.after(1_000, () => {
      called.push("first");
      cancelSecond();
    });
    const cancelSecond = clock.after(2_000, () => called.push("second"));
    clock.after(3_000, () => called.push("third"))();

    clock.skip(10);

    expect(called).to.deep.equal(["first"]);
  });

  it("keeps what is due later, less the skipped time", async () => {
    const clock = new SkippingClock();
    const called = new Promise((resolve) =>
      clock.after(60_000, () => {
        resolve("called");
      }),
    );

    clock.skip(59.99);

    // Timers of this clock do not keep the process alive.
    const alive = setTimeout(() => undefined, 10_000);
    expect(await called).to.equal("called");
    clearTimeout(alive);
  });
});
