import { plannedHandlers } from "../../local/program/plannedOutputs.js";
import { ProgramError, runProgram } from "../../local/program/runProgram.js";
import { projectName, stackConfig } from "../../local/program/stackConfig.js";
import { ACCOUNT } from "../../local/twin/account.js";
import { twinConfig } from "../../local/twin/twinConfig.js";
import { UsageError } from "../command.js";

/**
 * Plans the program with the configuration of a stack, so that faults are reported before anything starts. The project's
 * defaults need no check.
 *
 * @param stack name of the stack
 * @param config values that replace the stack's
 * @throws UsageError naming every fault of the configuration and its fix
 */
export async function checkConfiguration(stack: string, config: Readonly<Record<string, string>>): Promise<void> {
  if (stack === "default" && Object.keys(config).length === 0) return;
  refuseModelData(stack, config);
  const handlers = plannedHandlers({ region: ACCOUNT.region, account: ACCOUNT.id });
  try {
    await runProgram({ stack, config: twinConfig(stack, config), handlers });
  } catch (error) {
    if (error instanceof ProgramError && error.errors.some(isConfigError)) throw new UsageError(error.message);
    throw error;
  }
}

/** The twin serves the folder of `--model`. It has an empty S3, and must not serve other weights than those configured. */
function refuseModelData(stack: string, overrides: Readonly<Record<string, string>>): void {
  const url = stackConfig({ stack, overrides })[`${projectName()}:modelDataUrl`] ?? "";
  if (url === "") return;
  throw new UsageError(
    `modelDataUrl is '${url}', and the twin cannot read it: its S3 is empty.\n` +
      `  fix: aws s3 sync ${url} FOLDER; then use --config modelDataUrl= --model FOLDER`,
  );
}

function isConfigError(error: unknown): boolean {
  return error instanceof Error && "faults" in error;
}
