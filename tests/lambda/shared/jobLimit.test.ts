import { expect } from "chai";
import { InputError } from "../../../contract/errors.js";
import { MAX_INVOCATION_SECONDS } from "../../../contract/limits.js";
import { maskedCopies, refuseLongJob } from "../../../lambda/shared/jobLimit.js";

const masked = (length: number) => ({ sequence: "A".repeat(length), scoring: "masked-marginals" }) as const;

describe("maskedCopies", () => {
  for (const [what, request, copies] of [
    ["each residue", masked(20), 20],
    ["each position", { ...masked(20), positions: "3-5,9" }, 4],
    ["each position in the caller's numbering", { ...masked(20), positions: "103-105", numbering_offset: 100 }, 3],
    [
      "each site of a variant outside the positions",
      { ...masked(20), positions: "3", variants: ["A3C", "A7C;A8D"] },
      3,
    ],
    [
      "each set of sites that are masked together",
      { ...masked(20), positions: "3", joint: true, variants: ["A7C;A8D", "A7D;A8E", "A7C;A9D"] },
      3,
    ],
    ["nothing with wt-marginals", { sequence: "A".repeat(20), scoring: "wt-marginals" }, 0],
  ] as const) {
    it(`counts ${what}`, () => {
      expect(maskedCopies(request)).to.equal(copies);
    });
  }
});

describe("refuseLongJob", () => {
  for (const length of [1_000, 2_000, 5_000, 10_000]) {
    it(`accepts a protein of ${length} residues with the default limit`, () => {
      expect(() => {
        refuseLongJob(masked(length), MAX_INVOCATION_SECONDS);
      }).to.not.throw();
    });
  }

  it("names the estimate, the limit, shorter jobs and the setting of the operator", () => {
    expect(() => {
      refuseLongJob(masked(10_000), 300);
    })
      .to.throw(InputError, /about 476 s .* one job may take 300 s\. Send fewer positions.*wt-marginals.*at most 1680/)
      .with.property("code", "JOB_TOO_LONG");
  });

  it("does not name a setting that is at its maximum", () => {
    const variants = Array.from({ length: 9_999 }, (_, index) => `A${index + 1}C;A10000D`);
    const long = { ...masked(10_000), variants, joint: true } as const;

    expect(() => {
      refuseLongJob(long, 900);
    }).to.throw(/maxInvocationSeconds/);
    expect(() => {
      refuseLongJob(masked(100_000), MAX_INVOCATION_SECONDS);
    }).to.throw(/^(?!.*maxInvocationSeconds)/);
  });

  it("accepts fewer positions of the same protein, and wt-marginals", () => {
    expect(() => {
      refuseLongJob({ ...masked(10_000), positions: "1-100" }, 300);
      refuseLongJob({ sequence: "A".repeat(10_000), scoring: "wt-marginals" }, 300);
    }).to.not.throw();
  });
});
