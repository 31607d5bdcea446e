/** The subcommands about the operation of a stack, before it is deployed. */
import { Option, type Command } from "commander";
import { MAX_SEQUENCE_LENGTH } from "../../contract/limits.js";
import { PATTERNS } from "../cost/load.js";
import type { CostOptions } from "../cost/runCost.js";
import { addSimulateOptions } from "../simulate/options.js";
import type { SimulateOptions } from "../simulate/runSimulate.js";
import { described, JSON_OPTION, wholeNumber } from "./describe.js";

/** Adds `simulate` and `cost`. */
export function addPlanningCommands(vep: Command): void {
  addSimulateOptions(
    described(
      vep,
      "simulate",
      "Simulates how the planned policies scale the endpoint, beside a plain policy and a fixed fleet. Needs no AWS.",
      ["simulate --stack dev --picture scaling.svg", "simulate --trace jobs.csv --tune --wait 1800"],
    ),
  ).action(async (options: SimulateOptions) => {
    const { runSimulate } = await import("../simulate/runSimulate.js");
    process.exitCode = await runSimulate(options);
  });

  described(
    vep,
    "cost",
    "Estimates what a stack costs in a month, by service, for a load: from the plan, the simulator and a table of prices. Needs no AWS.",
    [
      "cost --stack dev --proteins 50 --pattern office",
      "cost --set minCapacity=0 --proteins 2000 --length 560 --pattern night --compare",
      "cost --stack prod --json --refresh",
    ],
  )
    .option("--stack <name>", "stack whose plan is billed", "default")
    .option("--set <key=value...>", "settings that win over those of the stack", [])
    .addOption(
      new Option("--proteins <number>", "proteins on a day")
        .argParser((text) => wholeNumber(text, 0, 100_000_000))
        .default(100),
    )
    .addOption(
      new Option("--length <residues>", "residues of each")
        .argParser((text) => wholeNumber(text, 1, MAX_SEQUENCE_LENGTH))
        .default(400),
    )
    .addOption(new Option("--pattern <name>", "when they are submitted").choices(PATTERNS).default(PATTERNS[0]))
    .addOption(
      new Option("--month <number>", "month whose bill it is: what is kept grows")
        .argParser((text) => wholeNumber(text, 1, 120))
        .default(12),
    )
    .addOption(new Option("--active <version>", "model version that is active (default: base)").conflicts("compare"))
    .option("--compare", "compare instance types, each with minCapacity 0 and 1")
    .option("--refresh", "read today's prices from the Price List API (needs AWS credentials)")
    .option("--json", JSON_OPTION)
    .action(async (options: CostOptions) => {
      const { runCost } = await import("../cost/runCost.js");
      process.exitCode = await runCost(options);
    });
}
