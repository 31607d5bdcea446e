import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { brokenLinks } from "../../../commands/docs/links.js";

describe("links of the documentation", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "links-"))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const problems = (text: string): string[] => {
    writeFileSync(path.join(folder, "a.md"), text);
    writeFileSync(path.join(folder, "b.md"), "# The `output_id`: what it is\n\n## Again\n\n## Again\n");
    return brokenLinks(folder, ["a.md"]);
  };

  it("lead to files, folders, headings and other sites", () => {
    const text =
      "# Top\n[a](b.md) [b](.) [c](#top) [d](b.md#the-output_id-what-it-is) [e](b.md#again-1) [f](https://x.org/y#z)";
    expect(problems(text)).to.deep.equal([]);
  });

  it("are broken where there is no such file or heading", () => {
    expect(problems("[a](c.md)\n![b](b.md#missing) [c](#gone)")).to.deep.equal([
      "a.md links to c.md, which does not exist.",
      "a.md links to b.md#missing, which has no such heading.",
      "a.md links to #gone, which has no such heading.",
    ]);
  });

  it("do not count in code blocks, nor do headings", () => {
    expect(problems("```sh\n# top\n[a](c.md)\n```\n[b](#top)")).to.have.lengthOf(1);
  });
});
