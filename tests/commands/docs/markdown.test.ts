import { expect } from "chai";
import { z } from "zod";
import { fillBlock, table } from "../../../commands/docs/markdown.js";
import { errorTable, inputTable } from "../../../commands/docs/tools.js";
import { ERROR_CODES } from "../../../contract/errors.js";

describe("the documentation's tables", () => {
  it("escape bars and line ends", () => {
    expect(table(["a"], [["x | y\nz"]])).to.equal("| a |\n| --- |\n| x \\| y z |");
  });

  it("replace only the text between their marks", () => {
    const text = "before\n<!-- t:start -->\nold\n<!-- t:end -->\nafter";
    const filled = fillBlock(text, "t", "new");
    expect(filled).to.equal("before\n<!-- t:start -->\n\nnew\n\n<!-- t:end -->\nafter");
    expect(fillBlock(filled, "t", "new")).to.equal(filled);
    expect(() => fillBlock(text, "other", "new")).to.throw(RangeError, "other:start");
  });

  it("contain type, default and description of every input", () => {
    const schema = z.strictObject({ top: z.int().default(10).describe("how many"), id: z.string().describe("which") });
    expect(inputTable(schema))
      .to.contain("| `top` | integer | `10` | how many |")
      .and.to.contain("| `id` | string | required |");
  });

  it("contain every error code", () => {
    for (const code of Object.keys(ERROR_CODES)) expect(errorTable()).to.contain(`\`${code}\``);
  });
});
