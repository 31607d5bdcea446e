import chalk from "chalk";
import { renderHeatmap } from "../../client/terminal/heatmap.js";
import { renderExtremes } from "../../client/terminal/variants.js";
import type { VariantEffects } from "../../contract/result.js";

/** Prints the heatmap of a result, in colours where the terminal has them, and its best and worst variants. */
export function printResult(result: VariantEffects): void {
  const colourLevel = process.stdout.isTTY ? chalk.level : 0;
  console.log(`${renderHeatmap(result, { width: process.stdout.columns || 80, colourLevel })}\n`);
  console.log(`${renderExtremes(result)}\n`);
}
