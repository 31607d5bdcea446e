import { ACCOUNT, clientOptions } from "../../local/twin/account.js";
import { stackConfig } from "../../local/program/stackConfig.js";
import { twinConfig } from "../../local/twin/twinConfig.js";
import { UsageError } from "../command.js";
import { runningTwin } from "../local/runningTwin.js";
import { regionOfEnvironment } from "../preflight/clients.js";
import { DIAGNOSIS, hasNoFault, reportJson, reportText } from "../preflight/report.js";
import { doctorClients } from "./clients.js";
import { doctor, type DoctorOptions } from "./doctor.js";

/** Which stack is looked over, and how the findings are printed. */
export interface DoctorCommandOptions {
  readonly stack?: string;
  /** Whether the stack is in the twin of `npm run local`. */
  readonly local?: boolean;
  /** JSON instead of text. */
  readonly json?: boolean;
}

/**
 * Looks a stack over, and prints what it found.
 *
 * @returns the exit code: 1 where a finding is a fault
 * @throws UsageError where no region is known, or no twin runs; StackConfigError where a file cannot be read
 */
export async function runDoctor({ stack = "default", local = false, json }: DoctorCommandOptions): Promise<number> {
  const found = await doctor(await (local ? inTwin(stack) : inAws(stack)));
  console.log(json ? reportJson(found) : reportText(found, DIAGNOSIS));
  return hasNoFault(found) ? 0 : 1;
}

async function inAws(stack: string): Promise<DoctorOptions> {
  const config = stackConfig({ stack, region: (await regionOfEnvironment()) ?? "" });
  const region = config["aws:region"] ?? "";
  if (region === "") {
    throw new UsageError("no region is configured: pulumi config set aws:region us-east-1, or export AWS_REGION.");
  }
  return { stack, config, region, clients: doctorClients({ region }), now: () => new Date(), hasRoles: true };
}

function inTwin(stack: string): Promise<DoctorOptions> {
  const twin = runningTwin();
  if (!twin) throw new UsageError("option '--local' needs a twin that runs: npm run local.");
  const clients = doctorClients(clientOptions(twin.endpointUrl));
  const config = twinConfig(stack, {});
  const where = { stack, config, region: ACCOUNT.region, clients };
  return Promise.resolve({ ...where, now: () => new Date(), hasRoles: false });
}
