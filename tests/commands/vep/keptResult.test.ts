import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { keptResult } from "../../../commands/vep/keptResult.js";
import { effectsOf } from "../../support/effects.js";

const RESULT = effectsOf("MKT");
const REAL = { ...RESULT, model: { ...RESULT.model, weights: "pretrained" as const } };
const ASKED = { scoring: "masked-marginals" } as const;

describe("the result of an earlier run", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "vep-"));
    file = path.join(folder, "mkt.json");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const kept = (content: string, question: Parameters<typeof keptResult>[1], text = "mkt\n"): boolean => {
    writeFileSync(file, content);
    return keptResult({ record: { text }, file }, question) !== undefined;
  };

  it("is kept where it answers the same question", () => {
    const content = JSON.stringify(REAL);
    expect(kept(content, ASKED)).to.equal(true);
    expect(kept(content, ASKED, "MKV")).to.equal(false);
    expect(kept(content, { scoring: "wt-marginals" })).to.equal(false);
    expect(kept(content, { ...ASKED, modelVersion: "v2" })).to.equal(false);
    expect(kept(content.slice(0, -9), ASKED)).to.equal(false);
  });

  it("of synthetic weights is kept for the twin alone: a deployed model would never be asked", () => {
    expect(kept(JSON.stringify(RESULT), { ...ASKED, local: true })).to.equal(true);
    expect(kept(JSON.stringify(RESULT), ASKED)).to.equal(false);
  });
});
