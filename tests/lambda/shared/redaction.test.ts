import { expect } from "chai";
import { HIDDEN, redactor } from "../../../lambda/shared/redaction.js";

describe("redaction", () => {
  const redact = redactor({ sequence: "mktvrqerlk sivrile", note: "short", other: `x${"ACDEFGHIK".repeat(3)}` });

  for (const [text, hidden] of [
    ["quoted 'MKTVRQ' here", `quoted '${HIDDEN}' here`],
    ["wrapped RLKSIV", `wrapped ${HIDDEN}`],
    ["escaped \\nmktvrqerlk", `escaped \\${HIDDEN}`],
    ["in another argument: ghikacde", `in another argument: ${HIDDEN}`],
    ["of another protein: ACDEFGHIKLMNPQRSTVWY", `of another protein: ${HIDDEN}`],
    ["an ordinary message, short, MKTVR", "an ordinary message, short, MKTVR"],
  ] as const) {
    it(`turns "${text}" into "${hidden}"`, () => {
      expect(redact(text)).to.equal(hidden);
    });
  }

  it("hides a sequence that is shorter than 6 residues", () => {
    expect(redactor({ sequence: "mkt" })("got MKT here")).to.equal(`got ${HIDDEN} here`);
  });
});
