import { stackConfig } from "../../local/program/stackConfig.js";
import { clientsOf, regionOfEnvironment } from "./clients.js";
import { thisMachine } from "./machine.js";
import { preflight } from "./preflight.js";
import { hasNoFault, PREFLIGHT, reportJson, reportText } from "./report.js";

/** Which stack is checked, and how the findings are printed. */
export interface PreflightCommandOptions {
  readonly stack: string;
  /** JSON instead of text. */
  readonly json?: boolean;
}

/** Neither the stack nor the environment names a region. */
class NoRegionError extends Error {
  override readonly name = "NoRegionError";

  constructor() {
    super("No region is configured: pulumi config set aws:region us-east-1, or export AWS_REGION=us-east-1.");
  }
}

/**
 * Runs the preflight against AWS and this machine, and prints what it found.
 *
 * @returns the exit code: 1 where a finding would stop a `pulumi up`
 * @throws NoRegionError; StackConfigError where a file cannot be read
 */
export async function runPreflight({ stack, json }: PreflightCommandOptions): Promise<number> {
  const config = stackConfig({ stack, region: (await regionOfEnvironment()) ?? "" });
  const region = config["aws:region"] ?? "";
  if (region === "") throw new NoRegionError();
  const outside = { clients: clientsOf({ region }), machine: thisMachine, get: fetch };
  const found = await preflight({ stack, config, region, ...outside });
  console.log(json ? reportJson(found) : reportText(found, PREFLIGHT));
  return hasNoFault(found) ? 0 : 1;
}
