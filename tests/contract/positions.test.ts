import { expect } from "chai";
import fc from "fast-check";
import { InputError } from "../../contract/errors.js";
import { formatPositions, parsePositions } from "../../contract/positions.js";

const LENGTH = 200;

/** Ranges of positions, and the numbering offset of their protein. */
const examples = fc.integer({ min: -500, max: 500 }).chain((offset) => {
  const position = fc.integer({ min: 1 + offset, max: LENGTH + offset });
  const range = fc.tuple(position, position).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  return fc.record({ offset: fc.constant(offset), ranges: fc.array(range, { minLength: 1, maxLength: 12 }) });
});

function named(ranges: Iterable<readonly [number, number]>): Set<number> {
  const all = new Set<number>();
  for (const [first, last] of ranges) for (let position = first; position <= last; position++) all.add(position);
  return all;
}

describe("parsePositions", () => {
  it("sorts and merges ranges, and keeps their positions", () => {
    fc.assert(
      fc.property(examples, ({ offset, ranges }) => {
        const text = ranges.map(([first, last]) => (first === last ? `${first}` : ` ${first} - ${last}`)).join(",");

        const parsed = parsePositions(text, LENGTH, offset);

        expect(named(parsed.map(({ first, last }) => [first, last] as const))).to.deep.equal(named(ranges));
        for (const [index, { first }] of parsed.slice(1).entries()) {
          expect(first).to.be.above((parsed[index]?.last ?? 0) + 1);
        }
      }),
    );
  });

  it("gets the same ranges from their canonical text", () => {
    fc.assert(
      fc.property(examples, ({ offset, ranges }) => {
        const parsed = parsePositions(ranges.map(([a, b]) => `${a}-${b}`).join(), LENGTH, offset);
        expect(parsePositions(formatPositions(parsed), LENGTH, offset)).to.deep.equal(parsed);
      }),
    );
  });

  it("either returns positions or throws an InputError, for any text", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[-0-9, a-z]{0,30}$/), (text) => {
        try {
          expect(parsePositions(text, LENGTH)).not.to.be.empty;
        } catch (error) {
          expect(error).to.be.instanceOf(InputError).with.property("code", "INVALID_POSITIONS");
        }
      }),
    );
  });

  for (const [text, part] of [
    ["", "name no position"],
    [" , ", "name no position"],
    ["0", "1 to 200"],
    ["201", "1 to 200"],
    ["9-5", "larger position first"],
    ["5-", "is not a position or range"],
    ["K10", "is not a position or range"],
    ["1.5", "is not a position or range"],
    ["99999999999", "is not a position or range"],
  ] as const) {
    it(`refuses '${text}': ${part}`, () => {
      expect(() => parsePositions(text, LENGTH)).to.throw(InputError, part);
    });
  }
});
