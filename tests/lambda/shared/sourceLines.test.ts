import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { build } from "esbuild";
import { sourceLines } from "../../../lambda/shared/sourceLines.js";

describe("sourceLines", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "source-lines-"));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** Bundles a function that throws at line 3 of its source, and returns the stack of its error. */
  async function stackOf(name: string, sourcemap: "linked" | false): Promise<string> {
    const outfile = path.join(folder, `${name}.js`);
    const contents = "export const nothing = 0;\nexport function fail(): never {\n  throw new Error('at line 3');\n}\n";
    await build({
      stdin: { contents, sourcefile: "tools/fail.ts", loader: "ts" },
      outfile,
      bundle: true,
      minify: true,
      format: "cjs",
      sourcemap,
    });
    const { fail } = createRequire(import.meta.url)(outfile) as { fail: () => never };
    try {
      return fail();
    } catch (error) {
      return (error as Error).stack ?? "";
    }
  }

  it("names source file and line if the bundle has a source map", async () => {
    const stack = sourceLines(await stackOf("mapped", "linked"));

    expect(stack).to.include("tools/fail.ts:3:").and.not.include("mapped.js");
  });

  it("changes nothing if the bundle has no source map", async () => {
    const stack = await stackOf("unmapped", false);

    expect(sourceLines(stack)).to.equal(stack);
  });
});
