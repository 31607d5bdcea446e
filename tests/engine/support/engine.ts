import { after, afterEach, describe, type Suite } from "mocha";
import { endWithStarter } from "../../../commands/check/endWithStarter.js";
import { engineMissing } from "./cli.js";
import { Deployment, type Run } from "./deployment.js";

const missing = engineMissing();
// A command whose only purpose are these tests must not pass without them.
if (missing !== undefined && process.env["ENGINE"] === "required") throw new Error(missing);
if (missing !== undefined) console.log(`Tests with the real engine: ${missing}`);
else endWithStarter();

/** A suite that needs the Pulumi CLI; skipped where the CLI is missing, with one line in the output. */
export function describeEngine(title: string, body: (this: Suite) => void): void {
  if (missing === undefined) describe(title, body);
  else describe.skip(title, body);
}

/** Stacks of the tests, with their configuration in addition to their files. */
export const STACKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  defaults: {},
  dev: {},
  prod: {},
  isolated: { encryption: "kms", network: "isolated" },
};

/** A stack after its first `up`, with the results of its first preview and `up`. */
export interface Deployed {
  readonly deployment: Deployment;
  readonly preview: Run;
  readonly up: Run;
}

const deployed = new Map<string, Promise<Deployed>>();

/** Stacks that several tests read, and stacks of the current test. */
const shared: Deployment[] = [];
const own: Deployment[] = [];

/** Deploys one of {@link STACKS}, once per process. Tests may only read it; to change a stack, use {@link fresh}. */
export function firstUp(stackName: string): Promise<Deployed> {
  const known = deployed.get(stackName) ?? deploy(stackName);
  deployed.set(stackName, known);
  return known;
}

async function deploy(stackName: string): Promise<Deployed> {
  const deployment = closedIn(shared, await Deployment.create(stackName, STACKS[stackName]));
  return { deployment, preview: await deployment.preview(), up: await deployment.up() };
}

/** A new stack for one test, before its first deployment. */
export async function empty(stackName: string, settings: Readonly<Record<string, string>> = {}): Promise<Deployment> {
  return closedIn(own, await Deployment.create(stackName, { ...STACKS[stackName], ...settings }));
}

/** A deployed stack for one test: a copy of {@link firstUp}'s. */
export async function fresh(stackName: string): Promise<Deployment> {
  const { deployment } = await firstUp(stackName);
  return closedIn(own, await deployment.copy());
}

/** Closes a stack of the current test before the test ends, where a test makes many. */
export function closed(deployment: Deployment): void {
  own.splice(own.indexOf(deployment), 1);
  deployment.close();
}

function closedIn(list: Deployment[], deployment: Deployment): Deployment {
  list.push(deployment);
  return deployment;
}

afterEach(() => {
  for (const deployment of own.splice(0)) deployment.close();
});

after(() => {
  for (const deployment of shared.splice(0)) deployment.close();
});
