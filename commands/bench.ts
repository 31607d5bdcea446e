/**
 * `npm run bench [-- --json FILE] [-- --only NAME]`: measures the project's figures on this machine: ratios and counts,
 * as a table and as JSON. The exit code is 0 whatever the figures say.
 */
import { writeFileSync } from "node:fs";
import os from "node:os";
import { parseArgs } from "node:util";
import chalk from "chalk";
import { endToEndFigures } from "./bench/endToEnd.js";
import type { Figure } from "./bench/figure.js";
import { modelFigures } from "./bench/model.js";
import { planFigures } from "./bench/plan.js";
import { summaryFigures } from "./bench/summarySize.js";
import { toolsBundleFigures } from "./bench/toolsBundle.js";

const SUITES: Readonly<Record<string, () => Promise<Figure[]>>> = {
  plan: printed(planFigures),
  tools: printed(toolsBundleFigures),
  summary: printed(summaryFigures),
  model: modelFigures,
  "end-to-end": printed(endToEndFigures),
};

function printed(measure: () => Promise<Figure[]>): () => Promise<Figure[]> {
  return async () => {
    const figures = await measure();
    figures.forEach(printRow);
    return figures;
  };
}

function verdict({ holds, goal }: Figure): string {
  if (goal === null) return "";
  if (holds === null) return "goal set for other hardware";
  return holds ? chalk.green("holds") : chalk.red("missed");
}

function printRow(figure: Figure): void {
  const value = Number.isInteger(figure.value) ? `${figure.value}` : figure.value.toPrecision(3);
  console.log(
    `${figure.name.padEnd(88)} ${value.padStart(10)} ${figure.unit.padEnd(7)} ${(figure.goal ?? "").padEnd(7)} ${verdict(figure)}`,
  );
}

const { json, only } = parseArgs({
  options: { json: { type: "string" }, only: { type: "string", multiple: true } },
}).values;
const unknown = only?.filter((name) => !(name in SUITES)) ?? [];
if (unknown.length > 0) {
  console.error(`No figures are called ${unknown.join(", ")}; there are ${Object.keys(SUITES).join(", ")}.`);
  process.exit(2);
}
const cpu = os.cpus()[0]?.model.trim() ?? "unknown processor";
console.log(`${cpu}, ${os.availableParallelism()} threads, Node ${process.versions.node}\n`);
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(SUITES)) {
  if (only && !only.includes(name)) continue;
  figures.push(...(await measure()));
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ figures }, null, 2)}\n`);
