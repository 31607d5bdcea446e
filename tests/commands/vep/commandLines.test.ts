import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { expect } from "chai";
import { vepProgram } from "../../../commands/vep/program.js";
import { parsedBy } from "./support/parsedBy.js";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "image/README.md",
  ...["docs", "examples"].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".md"))
      .map((file) => path.join(folder, file)),
  ),
];

/** A word of a command line: in quotes or not. */
const WORD = /"([^"]*)"|'([^']*)'|(\S+)/g;

/** Command lines of `vep` in a page, as lists of words: what follows the words of the command, such as a comment, is left out. */
function commandLinesOf(page: string): string[][] {
  const text = readFileSync(page, "utf8").replaceAll("\\\n", " ");
  return [...text.matchAll(/npx vep (?!"\$@")([^`\n]+)/g)].map(([, line = ""]) =>
    [...line.replace(/ +(?:#|&&|>|\|).*|\)$/, "").matchAll(WORD)].map(
      ([, double, single, plain]) => double ?? single ?? plain ?? "",
    ),
  );
}

describe("the command lines of vep in the documentation", () => {
  const lines = PAGES.flatMap((page) => commandLinesOf(path.join(ROOT, page)).map((words) => ({ page, words })));

  it("are found", () => {
    expect(lines).to.have.length.greaterThan(40);
  });

  for (const { page, words } of lines) {
    it(`${page}: vep ${words.join(" ")}`, () => {
      // A command named alone stands for itself, not for a call.
      const [name = ""] = words;
      if (words.length === 1) expect(vepProgram().commands.map((one) => one.name())).to.include(name);
      else if (!words.includes("--help")) expect(parsedBy(words)).to.deep.equal([name]);
    });
  }
});
