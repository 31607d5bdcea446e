import { readFileSync } from "node:fs";
import { expect } from "chai";
import { InputError } from "../../contract/errors.js";
import { splitFasta } from "../../contract/fasta.js";
import { parsePositions } from "../../contract/positions.js";
import { cleanSequence } from "../../contract/sequence.js";
import { checkWildTypes, formatVariant, parseVariant } from "../../contract/variants.js";

/** An input that is refused: its error code, and texts that the message contains. */
interface Refusal {
  readonly error?: string;
  readonly message_contains?: readonly string[];
}

interface Case extends Refusal {
  readonly name: string;
  readonly input: string;
}

/** Inputs with their results; the container's tests read the same file. */
interface Vectors {
  readonly sequence: readonly (Case & {
    readonly expect: { readonly sequence?: string; readonly notes?: readonly string[]; readonly error?: string };
  })[];
  readonly fasta: readonly (Case & {
    readonly records: readonly { readonly name: string | null; readonly sequence: string }[];
  })[];
  readonly positions: readonly (Case & {
    readonly length: number;
    readonly numbering_offset: number;
    /** 1-based positions, without the numbering offset. */
    readonly expect?: readonly number[];
  })[];
  readonly variants: readonly (Case & {
    readonly sequence: string;
    readonly numbering_offset: number;
    readonly expect?: string;
  })[];
}

const vectors = JSON.parse(readFileSync(new URL("../vectors.json", import.meta.url), "utf8")) as Vectors;

/** Checks the result of `read`, or the error where the vector names one. */
function check<Result>(read: () => Result, expected: Result | undefined, { error, message_contains = [] }: Refusal) {
  if (error === undefined) {
    expect(expected).not.to.be.undefined;
    expect(read()).to.deep.equal(expected);
    return;
  }
  const refused = expect(read).to.throw(InputError);
  refused.with.property("code", error);
  for (const text of message_contains) refused.with.property("message").that.includes(text);
}

describe("test vectors", () => {
  it("exist for every kind of input", () => {
    for (const cases of [vectors.sequence, vectors.fasta, vectors.positions, vectors.variants]) {
      expect(cases).not.to.be.empty;
    }
  });

  describe("sequence", () => {
    for (const { name, input, expect: expected, message_contains = [] } of vectors.sequence) {
      it(name, () => {
        const read = (): typeof expected => {
          const { sequence, notes } = cleanSequence(input);
          return notes ? { sequence, notes } : { sequence };
        };

        check(read, expected, { ...expected, message_contains });
      });
    }
  });

  describe("FASTA", () => {
    for (const { name, input, records } of vectors.fasta) {
      it(name, () => {
        const found = splitFasta(input).map((record) => ({
          name: record.name ?? null,
          sequence: cleanSequence(record.text).sequence,
        }));

        expect(found).to.deep.equal(records);
      });
    }
  });

  describe("positions", () => {
    for (const { name, input, length, numbering_offset: offset, expect: expected, ...refusal } of vectors.positions) {
      it(name, () => {
        const read = () =>
          parsePositions(input, length, offset).flatMap(({ first, last }) =>
            Array.from({ length: last - first + 1 }, (_, index) => first + index - offset),
          );

        check(read, expected, refusal);
      });
    }
  });

  describe("variants", () => {
    for (const { name, input, sequence, numbering_offset: offset, expect: expected, ...refusal } of vectors.variants) {
      it(name, () => {
        const read = () => {
          const variant = parseVariant(input);
          checkWildTypes([variant], sequence, offset);
          return formatVariant(variant);
        };

        check(read, expected, refusal);
      });
    }
  });
});
