import { expect } from "chai";
import fc from "fast-check";
import { csvText, parseCsv } from "../../client/csv.js";
import { DataError } from "../../client/dataError.js";

describe("CSV", () => {
  it("is read with quotes, commas and line ends in fields, and with any line end", () => {
    expect(parseCsv('\ufeffa,b\r\n"x, ""y""\n",2\r3,\n\n,4')).to.deep.equal([
      ["a", "b"],
      ['x, "y"\n', "2"],
      ["3", ""],
      ["", "4"],
    ]);
    expect(parseCsv("")).to.deep.equal([]);
  });

  it("is read with tabs, or with semicolons, where the header has no comma", () => {
    const table = [
      ["mutant", "score"],
      ["K2A;V3A", "1,5"],
    ];
    expect(parseCsv("mutant\tscore\nK2A;V3A\t1,5")).to.deep.equal(table);
    expect(parseCsv('mutant;score\n"K2A;V3A";1,5')).to.deep.equal(table);
    expect(parseCsv("mutant\nK2A;V3A")).to.deep.equal([["mutant"], ["K2A;V3A"]]);
  });

  it("is read as it was written, whatever the fields", () => {
    const field = fc.oneof(fc.string(), fc.constantFrom('"', ",", "\n", "\r\n", '""', "a,b"));
    const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
    fc.assert(
      fc.property(rows, (table) => {
        // A byte order mark at the start of a file is none of its text.
        fc.pre(!(table[0]?.[0] ?? "").startsWith("\ufeff"));
        expect(parseCsv(csvText(table))).to.deep.equal(table);
      }),
    );
  });

  for (const text of ['a,"b', 'a,"b"c', '"']) {
    it(`is refused with an open quote: ${text}`, () => {
      expect(() => parseCsv(text)).to.throw(DataError, /the header has a quote/);
    });
  }
});
