import os from "node:os";
import chalk from "chalk";
import type { Figure } from "./figure.js";

/** Prints what the figures are measured on. */
export function printMachine(): void {
  const processor = os.cpus()[0]?.model.trim() ?? "unknown processor";
  console.log(`${processor}, ${os.availableParallelism()} threads, Node ${process.versions.node}\n`);
}

/** Prints a figure as a row: name, value, unit, goal, and whether the goal holds. */
export function printFigure(figure: Figure): void {
  const { name, unit, goal } = figure;
  const value = Number.isInteger(figure.value) ? `${figure.value}` : figure.value.toPrecision(3);
  console.log(
    `${name.padEnd(88)} ${value.padStart(10)} ${unit.padEnd(7)} ${(goal ?? "").padEnd(7)} ${verdict(figure)}`,
  );
}

function verdict({ holds, goal }: Figure): string {
  if (goal === null) return "";
  if (holds === null) return "goal is for other hardware";
  return holds ? chalk.green("holds") : chalk.red("missed");
}
