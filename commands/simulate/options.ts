import { InvalidArgumentError, Option, type Command } from "commander";
import { readCount } from "../command.js";
import { ASSUMPTIONS } from "./assumptions.js";

/** Default goal of --tune: a p95 wait of 20 minutes, which is a cold start and some work. */
const WAIT_SECONDS = 1_200;

/** Adds the options of `npm run simulate` and `vep simulate`. */
export function addSimulateOptions(command: Command): Command {
  return command
    .option("--stack <name>", "stack whose policies are simulated; default: the defaults, with minCapacity 0")
    .option("--set <key=value...>", "settings that win over those of the stack", [])
    .option(
      "--trace <name>",
      "lone, burst, office, night, or a CSV file with the columns time and length; default: the four",
    )
    .option(
      "--json <file>",
      "write {traces: [{name, policies: [{name, p50_s, p95_s, p99_s, gpu_hours, usd, killed}]}]}",
    )
    .option("--picture <file>", "write instances and backlog over time, as SVG or PNG")
    .option("--tune", "propose minCapacity, maxCapacity and backlogPerInstance for one trace")
    .addOption(
      new Option("--wait <seconds>", "with --tune: longest p95 wait").argParser(readCount).default(WAIT_SECONDS),
    )
    .addOption(
      new Option("--budget <usd>", "with --tune: most US dollars of GPU time for the trace").argParser(readUsd),
    )
    .option(
      "--quiet <minutes...>",
      "compare other quiet times before the way down, such as 2 5 10",
      (text, times: readonly number[]) => [...times, readCount(text)],
      [],
    )
    .addOption(new Option("--runs <number>", "runs of chance of each trace, added up").argParser(readCount).default(1))
    .addOption(new Option("--seed <number>", "another run of chance").argParser(readCount).default(ASSUMPTIONS.seed))
    .addOption(
      new Option("--start <seconds>", "median time in which an instance starts")
        .argParser(readCount)
        .default(ASSUMPTIONS.startMedianSeconds),
    )
    .addOption(
      new Option("--updates <how>", "what AWS does with a change while instances start")
        .choices(["accepted", "refused"])
        .default(ASSUMPTIONS.updates),
    );
}

function readUsd(text: string): number {
  if (!/^\d{1,7}(?:\.\d{1,2})?$/.test(text)) throw new InvalidArgumentError("Allowed is an amount such as 12.50.");
  return Number(text);
}
