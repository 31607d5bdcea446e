import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { DataError } from "../../../client/dataError.js";
import { scoreVariants } from "../../../commands/vep/score.js";
import { validateAssay } from "../../../commands/vep/validate.js";
import { caughtOutput } from "../../support/caughtOutput.js";
import { effectsOf } from "../../support/effects.js";

const RESULT = { scoring: "masked-marginals" } as const;

describe("tables of variants", () => {
  let folder: string;
  let protein: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "vep-"));
    protein = path.join(folder, "mkt.json");
    writeFileSync(protein, JSON.stringify(effectsOf("MKT")));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  function fileOf(text: string): string {
    const file = path.join(folder, "table.csv");
    writeFileSync(file, text);
    return file;
  }

  async function scored(text: string): Promise<string> {
    let output = "";
    await caughtOutput(
      () => scoreVariants(protein, [fileOf(text)], RESULT),
      (part) => (output += part),
    );
    return output.replace(/^Synthetic.*\n/m, "");
  }

  for (const [what, text, expected] of [
    ["a byte order mark and CRLF", "\ufeffmutant,n\r\nK2A,1\r\n", "mutant,n,llr\nK2A,1,-1\n"],
    ["fields in quotes", 'note,mutant\n"a ""b"",\nc",K2A\n', 'note,mutant,llr\n"a ""b"",\nc",K2A,-1\n'],
    ["a header in other letters, with white space", "id, Mutant \n1, K2A\n", "id, Mutant ,llr\n1, K2A,-1\n"],
    ["rows that end early", "mutant,n,m\nK2A\nT3A,1\n", "mutant,n,m,llr\nK2A,,,-1\nT3A,1,,-1\n"],
    ["two columns of one name", "mutant,mutant\nK2A,x\n", "mutant,mutant,llr\nK2A,x,-1\n"],
  ] as const) {
    it(`can have ${what}`, async () => {
      expect(await scored(text)).to.equal(expected);
    });
  }

  for (const [what, text, message] of [
    ["nothing", "", /the table is empty/],
    ["a row with more fields than the header", "mutant,n\nK2A,1\nT3A,1,5\n", /row 2 has 3 fields, the header has 2/],
    ["an open quote, in the row that it names", 'mutant,n\nK2A,1\nT3A,"1\n', /row 2 has a quote/],
    ["an open quote in the header", 'mutant,"n\nK2A,1\n', /the header has a quote/],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      const error: unknown = await scored(text).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(DataError);
      expect((error as DataError).message).to.match(message);
    });
  }

  it("of an assay are refused where no row can be compared, before anything is scored", async () => {
    const file = fileOf("mutant,DMS_score\nK2*,1\nT3A,NA\n");
    // The protein is never read.
    const refused = validateAssay(file, { ...RESULT, protein: "none" });
    const error: unknown = await refused.catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(DataError);
    expect((error as DataError).message).to.match(/no row .*: 2 rows were skipped, the first because .*a stop/);
  });
});
