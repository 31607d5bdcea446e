/** The subcommands for the operator of a stack. */
import { Argument, type Command } from "commander";
import { BRAKE_ACTIONS, type BrakeAction } from "../../contract/brake.js";
import type { DoctorCommandOptions } from "../doctor/runDoctor.js";
import type { BrakeOptions } from "./brake.js";
import { calling, described, JSON_OPTION } from "./describe.js";

/** What a person asks the brake for; `apply` is for deployments. */
const ASKED = BRAKE_ACTIONS.filter((action) => action !== "apply");

/** Adds `brake` and `doctor`. */
export function addOperationsCommands(vep: Command): void {
  calling(
    vep,
    "brake",
    "Shows, pulls or releases the brake of the budget: while it is on, no new job is taken and the endpoint has brakeCapacity instances. For stacks with monthlyBudgetUsd.",
    [
      "brake show",
      "brake release --stack prod",
      "brake pull --lambda-function dev-protein-agent-async-endpoint-lambda",
    ],
  )
    .addArgument(new Argument("[action]", "what to do").choices(ASKED).default("show"))
    .option("--json", JSON_OPTION)
    .action(async (action: BrakeAction, options: BrakeOptions) => {
      const { runBrake } = await import("./brake.js");
      process.exitCode = await runBrake(action, options);
    });

  described(
    vep,
    "doctor",
    "Looks a deployed stack over, from the folder of its project: sign-in, quotas, endpoint, scaling, functions, jobs, alarms, log lines. Prints a fix for each finding, and changes nothing.",
    ["doctor --stack dev", "doctor --local", "doctor --stack prod --json"],
  )
    .option("--stack <name>", "stack to look over", "default")
    .option("--local", "look at the twin of npm run local")
    .option("--json", JSON_OPTION)
    .action(async (options: DoctorCommandOptions) => {
      const { runDoctor } = await import("../doctor/runDoctor.js");
      process.exitCode = await runDoctor(options);
    });
}
