import { SourceMap, type SourceMapPayload } from "node:module";
import { expect } from "chai";
import { bundledFiles, startBundling } from "../../../components/shared/bundledFiles.js";

const MERGE = "lambda/results/merge/index.ts";
const MODELS = "lambda/models/index.ts";

/** Where text of a bundle comes from: file and line, 0-based. */
function origins(files: ReadonlyMap<string, string>, text: string): { file: string; line: number }[] {
  const lines = (files.get("index.js") ?? "").split("\n");
  const map = new SourceMap(JSON.parse(files.get("index.js.map") ?? "") as SourceMapPayload);
  return lines.flatMap((line, number) =>
    [...line.matchAll(new RegExp(text, "g"))].flatMap(({ index }) => {
      const entry = map.findEntry(number, index);
      return "originalSource" in entry ? [{ file: entry.originalSource, line: entry.originalLine }] : [];
    }),
  );
}

describe("the source map of a bundle", () => {
  it("has the lines of this project's code, and only the file for code of packages", async () => {
    const files = await bundledFiles(MODELS);

    const own = origins(files, "GUARD_ALARMS");
    const ofPackages = origins(files, "x-amz-user-agent");

    expect(own.length * ofPackages.length).to.be.greaterThan(0);
    for (const { file, line } of own) expect([file.startsWith("../../node_modules"), line > 0]).to.eql([false, true]);
    for (const { file, line } of ofPackages) {
      expect(file).to.match(/^\.\.\/\.\.\/node_modules\/.+\.js$/);
      expect(line).to.equal(0);
    }
  });
});

describe("functions that are bundled together", () => {
  it("have the code and the map that they have alone", async () => {
    const alone = [await bundledFiles(MERGE), await bundledFiles(MODELS)];
    startBundling([MERGE, MODELS]);

    expect([await bundledFiles(MERGE), await bundledFiles(MODELS)]).to.deep.equal(alone);
  });

  it("fail together, with the reason, where one of them does not exist", async () => {
    startBundling([MERGE, "lambda/nothing/index.ts"]);
    const failure = await bundledFiles(MERGE).catch((error: unknown) => error);
    startBundling([MERGE]);

    expect(failure).to.be.instanceOf(Error).with.property("message").that.includes("lambda/nothing/index.ts");
  });
});
