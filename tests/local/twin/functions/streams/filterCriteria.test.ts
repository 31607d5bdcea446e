import { expect } from "chai";
import { filterOf } from "../../../../../local/twin/functions/streams/filterCriteria.js";

describe("the filter of an event source", () => {
  for (const [pattern, record, expected] of [
    [{ state: ["done", "failed"] }, { state: "failed", other: 1 }, true],
    [{ state: ["done"] }, { state: "running" }, false],
    [{ state: ["done"] }, {}, false],
    [{ a: { b: [1] } }, { a: { b: 1 } }, true],
    [{ a: { b: [1] } }, { a: 1 }, false],
    [{ a: [1], b: [2] }, { a: 1, b: 3 }, false],
    [{ a: [null] }, { a: null }, true],
    [{ a: [1] }, { a: [3, 1] }, true],
    [{ a: [{ prefix: "ab" }] }, { a: "abc" }, true],
    [{ a: [{ suffix: "ab" }] }, { a: "abc" }, false],
    [{ a: [{ exists: false }] }, {}, true],
    [{ a: [{ exists: true }] }, {}, false],
    [{ a: [{ "anything-but": ["x", "y"] }] }, { a: "y" }, false],
    [{ a: [{ "anything-but": "x" }] }, { a: "y" }, true],
    [{ a: [{ numeric: [">", 0, "<=", 5] }] }, { a: 5 }, true],
    [{ a: [{ numeric: [">", 0, "<=", 5] }] }, { a: 0 }, false],
  ] as const) {
    it(`${expected ? "lets" : "does not let"} ${JSON.stringify(record)} through ${JSON.stringify(pattern)}`, () => {
      expect(filterOf([JSON.stringify(pattern)])(record)).to.equal(expected);
    });
  }

  it("lets through what one of several patterns matches, and everything without a pattern", () => {
    const filter = filterOf(['{"a": [1]}', '{"b": [1]}']);

    expect([{ a: 1 }, { b: 1 }, { c: 1 }].map((record) => filter(record))).to.deep.equal([true, true, false]);
    expect(filterOf([])({ c: 1 })).to.equal(true);
  });

  it("refuses what it does not know, instead of letting nothing through", () => {
    expect(() => filterOf(['{"a": [{"cidr": "10.0.0.0/8"}]}'])).to.throw(RangeError, "'cidr'");
    expect(() => filterOf(['{"a": 1}'])).to.throw(RangeError, "has 1 where a list or an object must be");
  });
});
