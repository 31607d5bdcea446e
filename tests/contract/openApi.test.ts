import { expect } from "chai";
import { API_ROUTES } from "../../contract/httpApi.js";
import { openApi } from "../../contract/openApi.js";
import { TOOL_INPUTS } from "../../contract/tools.js";

describe("openApi", () => {
  it("has each method once, with names that tools of OpenAPI take", () => {
    const { paths } = openApi({ uploads: true, evidence: false });

    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));

    expect(operations).to.have.length(API_ROUTES.length);
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids)).to.have.property("size", ids.length);
  });

  it("has every parameter and reference that it names, and only arguments of the tools", () => {
    const document = openApi({ uploads: true, evidence: false });
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);

    for (const [, name = ""] of references) expect(document.components.schemas).to.have.property(name);
    for (const { tool, inQuery, path, inPath } of API_ROUTES) {
      expect(Object.keys(TOOL_INPUTS[tool].shape)).to.include.members([...inQuery]);
      expect(path.includes("{")).to.equal(inPath !== undefined);
      if (inPath) expect(path).to.include(`{${inPath}}`);
    }
  });

  it("has names of components that API Gateway takes, and no keyword of a newer JSON Schema", () => {
    const document = openApi({ uploads: true, evidence: false });

    expect(Object.keys(document.components.schemas).join("")).to.match(/^[A-Za-z0-9]+$/);
    expect(JSON.stringify(document)).to.not.match(/"(\$schema|\$defs|const|prefixItems|propertyNames)":/);
  });

  it("has no uploads for a stack without fastaDrop", () => {
    expect(
      Object.keys(openApi({ uploads: false, evidence: false }).paths).filter((path) => path.includes("upload")),
    ).to.deep.equal([]);
  });
});
