import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { TOOL_INPUTS } from "../../contract/tools.js";
import type { PlannedResource } from "../../local/program/runProgram.js";
import { configurationTable } from "./configuration.js";
import { estimateTable, instancePriceTable, priceTable, standingTable, streamTable } from "./cost.js";
import { componentDiagram } from "./diagram.js";
import { brokenLinks } from "./links.js";
import { fillBlock } from "./markdown.js";
import { resourcePolicies, rolePermissions, roleTrust, unlimitedActions } from "./permissions.js";
import { wholeStack } from "./plannedStack.js";
import { recoveryExample } from "./recovery.js";
import { scalingTable } from "./scaling.js";
import { scaleTable } from "./scale.js";
import { errorTable, inputTable, methodTable, statusTable } from "./tools.js";

/** Whether the documentation is written or checked. */
export interface DocsOptions {
  /** Write nothing; report what is out of date, and links that lead nowhere. */
  readonly check?: boolean;
}

type Blocks = Readonly<Record<string, () => string | Promise<string>>>;

/**
 * Fills the tables of the documentation, each between its `<!-- name:start -->` and `<!-- name:end -->` marks, or checks
 * them and all relative links of the repository's Markdown files.
 *
 * @returns the exit code: 1 where a check found something
 */
export async function updateDocs({ check }: DocsOptions): Promise<number> {
  const problems: string[] = [];
  for (const [file, blocks] of Object.entries(blocksOf(await wholeStack()))) {
    const before = readFileSync(file, "utf8");
    let filled = before;
    for (const [name, build] of Object.entries(blocks)) filled = fillBlock(filled, name, await build());
    const after = await format(filled, { ...(await resolveConfig(file)), filepath: file });
    if (after === before) continue;
    if (check) {
      problems.push(`${file} is out of date: run \`npm run docs\`.`);
    } else {
      writeFileSync(file, after);
      console.log(`Wrote ${file}`);
    }
  }
  if (check) problems.push(...brokenLinks(".", markdownFiles()));
  for (const problem of problems) console.error(problem);
  return problems.length > 0 ? 1 : 0;
}

function blocksOf(resources: readonly PlannedResource[]): Readonly<Record<string, Blocks>> {
  return {
    "docs/configuration.md": { configuration: configurationTable },
    "docs/architecture.md": { components: () => componentDiagram(resources) },
    "docs/security.md": {
      roles: () => rolePermissions(resources),
      unlimited: () => unlimitedActions(resources),
      trust: () => roleTrust(resources),
      policies: () => resourcePolicies(resources),
    },
    "docs/api.md": { methods: methodTable, statuses: statusTable },
    "docs/cost.md": {
      estimates: estimateTable,
      standing: standingTable,
      prices: priceTable,
      instances: instancePriceTable,
    },
    "docs/scale.md": { scale: scaleTable },
    "docs/scaling.md": { scaling: scalingTable },
    "docs/stream.md": { stream: streamTable },
    "docs/troubleshooting.md": { recovery: recoveryExample },
    "docs/tools.md": {
      ...Object.fromEntries(Object.entries(TOOL_INPUTS).map(([name, input]) => [name, () => inputTable(input)])),
      errors: errorTable,
    },
  };
}

function markdownFiles(): string[] {
  return execFileSync("git", ["ls-files", "*.md"], { encoding: "utf8" }).trim().split("\n");
}
