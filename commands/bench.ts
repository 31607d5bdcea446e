/** `npm run bench`: the project's figures on this machine, as a table and as JSON. */
import { writeFileSync } from "node:fs";
import { Option } from "commander";
import type { Figure } from "./bench/figure.js";
import { commandLine, runCommand } from "./command.js";

interface Options {
  readonly only?: readonly string[];
  readonly json?: string;
}

/** Groups of figures; each is loaded when it is measured. */
const GROUPS: Readonly<Record<string, () => Promise<Figure[]>>> = {
  plan: async () => (await import("./bench/plan.js")).planFigures(),
  tools: async () => (await import("./bench/toolsBundle.js")).toolsBundleFigures(),
  summary: async () => (await import("./bench/summarySize.js")).summaryFigures(),
  model: async () => (await import("./bench/model.js")).modelFigures(),
  estimates: async () => (await import("./bench/estimates.js")).estimateFigures(),
  load: async () => (await import("./bench/load.js")).loadFigures(),
  "end-to-end": async () => (await import("./bench/endToEnd.js")).endToEndFigures(),
};

const command = commandLine(
  "npm run bench",
  "Measures the project's figures on this machine; all of them take half an hour. Exits with 0 whatever they are.",
  ["--only plan tools", "--json figures.json"],
)
  .addOption(new Option("--only <groups...>", "measure only these groups").choices(Object.keys(GROUPS)))
  .option("--json <file>", "also write {figures: [{name, value, unit, goal, holds}]} to this file");

await runCommand(command, async () => {
  const { only = Object.keys(GROUPS), json } = command.opts<Options>();
  const { printFigure, printMachine } = await import("./bench/printFigure.js");
  printMachine();
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(GROUPS).filter(([name]) => only.includes(name))) {
    const measured = await measure();
    // The model's own program prints each of its figures as soon as it is known.
    if (name !== "model") measured.forEach(printFigure);
    figures.push(...measured);
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ figures }, null, 2)}\n`);
  return 0;
});
