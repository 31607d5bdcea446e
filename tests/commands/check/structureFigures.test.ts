import { expect } from "chai";
import { crossFolderImports } from "../../../commands/check/structureFigures.js";

describe("the figures of the structure", () => {
  it("count imports between folders of components/, and each pair of folders once", () => {
    const imports = [
      ["components/jobs/a.ts", "components/shared/x.ts"],
      ["components/jobs/b.ts", "components/shared/x.ts"],
      ["components/jobs/a.ts", "components/jobs/b.ts"],
      ["components/tools/t.ts", "components/shared/x.ts"],
      ["components/tools/t.ts", "contract/limits.ts"],
      ["index.ts", "components/jobs/a.ts"],
    ].map(([from = "", to = ""]) => ({ from, to }));

    expect(crossFolderImports(imports)).to.deep.equal({ imports: 3, folderPairs: 2 });
  });
});
