/** `npm run preflight`: what would stop the first `pulumi up`, before anything is created. */
import { parseArgs } from "node:util";
import { clientsOf, regionOfEnvironment } from "./preflight/clients.js";
import { thisMachine } from "./preflight/machine.js";
import { preflight } from "./preflight/preflight.js";
import { mayDeploy, reportJson, reportText } from "./preflight/report.js";
import { stackConfig, StackConfigError } from "../local/program/stackConfig.js";

const USAGE = "Usage: npm run preflight [-- --stack NAME --json]";

/** Nothing says in which region the stack is to be. */
class NoRegionError extends Error {
  override readonly name = "NoRegionError";

  constructor() {
    super("No region is configured: pulumi config set aws:region us-east-1, or export AWS_REGION=us-east-1.");
  }
}

async function main(): Promise<void> {
  const { stack, json } = parseArgs({
    options: { stack: { type: "string", default: "default" }, json: { type: "boolean", default: false } },
  }).values;
  const config = stackConfig({ stack, region: (await regionOfEnvironment()) ?? "" });
  const region = config["aws:region"] ?? "";
  if (region === "") throw new NoRegionError();
  const found = await preflight({
    stack,
    config,
    region,
    clients: clientsOf({ region }),
    machine: thisMachine,
    get: fetch,
  });
  console.log(json ? reportJson(found) : reportText(found));
  process.exitCode = mayDeploy(found) ? 0 : 1;
}

try {
  await main();
} catch (error) {
  const usage = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  if (!usage && !(error instanceof StackConfigError) && !(error instanceof NoRegionError)) throw error;
  console.error(`amplify-vep: ${error.message}${usage ? `\n${USAGE}` : ""}`);
  process.exitCode = usage ? 2 : 1;
}
