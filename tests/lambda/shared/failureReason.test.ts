import { expect } from "chai";
import { failureCode, failureReason } from "../../../lambda/shared/failureReason.js";

describe("failureReason", () => {
  for (const [what, text, reason] of [
    [
      "the container's error",
      '{"error_code": "OUT_OF_MEMORY", "message": "no copy fits"}',
      "OUT_OF_MEMORY: no copy fits",
    ],
    ["plain text", "upstream connect error\n", "upstream connect error"],
    ["JSON that does not match the schema", '{"message": 3}', '{"message": 3}'],
    ["nothing", "", "gave no reason"],
    ["white space and control characters", "\u0000 \u0007\n", "gave no reason"],
  ] as const) {
    it(`gives the reason from ${what}`, () => {
      expect(failureReason(text, 1680)).to.include(reason);
    });
  }

  it("says what to do if there is no reason", () => {
    expect(failureReason("", 900)).to.include("longer than 900 s").and.include("Submit again");
  });

  it("has the code of the container's error alone", () => {
    expect(failureCode('{"error_code": "OTHER_MODEL_VERSION", "message": "another"}')).to.equal("OTHER_MODEL_VERSION");
    expect(failureCode('{"error_code": "INVALID_VARIANT", "message": "OTHER_MODEL_VERSION"}')).to.equal(
      "INVALID_VARIANT",
    );
    expect(failureCode("OTHER_MODEL_VERSION")).to.equal(undefined);
  });

  it("keeps the first 1,000 characters of a long reason", () => {
    expect(failureReason("x".repeat(100_000), 1680)).to.have.length(1_000);
  });
});
