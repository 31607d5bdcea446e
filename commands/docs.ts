/**
 * `npm run docs`: writes the tables of the documentation from what they describe (Pulumi.yaml, the planned
 * resources, the tools' schemas, the error codes) between their `<!-- name:start -->` and `<!-- name:end -->` marks. `--check` only tells what is out of date.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { configurationTable } from "./docs/configuration.js";
import { componentDiagram } from "./docs/diagram.js";
import { fillBlock } from "./docs/markdown.js";
import { resourcePolicies, rolePermissions, roleTrust } from "./docs/permissions.js";
import { wholeStack } from "./docs/plannedStack.js";
import { errorTable, inputTable } from "./docs/tools.js";
import { getResultsInput, invokeEndpointInput } from "../contract/tools.js";

const resources = await wholeStack();

const BLOCKS: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  "docs/configuration.md": { configuration: configurationTable },
  "docs/architecture.md": { components: () => componentDiagram(resources) },
  "docs/security.md": {
    roles: () => rolePermissions(resources),
    trust: () => roleTrust(resources),
    policies: () => resourcePolicies(resources),
  },
  "docs/tools.md": {
    invoke_endpoint: () => inputTable(invokeEndpointInput),
    get_results: () => inputTable(getResultsInput),
    errors: errorTable,
  },
};

const check = process.argv.includes("--check");
for (const [file, blocks] of Object.entries(BLOCKS)) {
  const before = readFileSync(file, "utf8");
  const filled = Object.entries(blocks).reduce((text, [name, build]) => fillBlock(text, name, build()), before);
  const after = await format(filled, { ...(await resolveConfig(file)), filepath: file });
  if (after === before) continue;
  if (check) {
    console.error(`${file} is out of date: run \`npm run docs\`.`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, after);
    console.log(`Wrote ${file}`);
  }
}
