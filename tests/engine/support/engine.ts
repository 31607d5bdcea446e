import { after, afterEach, describe, type Suite } from "mocha";
import { endWithStarter } from "../../support/starter.js";
import { engineMissing } from "./cli.js";
import { Deployment, type Run } from "./deployment.js";

const missing = engineMissing();
if (missing !== undefined) console.log(`Tests with the real engine: ${missing}`);
else endWithStarter();

/** A suite that needs the real engine: skipped where it is not installed, which the run's output says once. */
export function describeEngine(title: string, body: (this: Suite) => void): void {
  if (missing === undefined) describe(title, body);
  else describe.skip(title, body);
}

/** The stacks that are deployed, and how they are configured beyond their files. */
export const STACKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  defaults: {},
  dev: {},
  prod: {},
  isolated: { encryption: "kms", network: "isolated" },
};

/** A stack that was deployed once, with what its first preview and its first `up` did. */
export interface Deployed {
  readonly deployment: Deployment;
  readonly preview: Run;
  readonly up: Run;
}

const deployed = new Map<string, Promise<Deployed>>();

/** Stacks that all tests look at, and those of the test that runs. */
const shared: Deployment[] = [];
const own: Deployment[] = [];

/** Deploys one of {@link STACKS}, once in a process; to be looked at, not to be changed: see {@link fresh}. */
export function firstUp(stackName: string): Promise<Deployed> {
  const known = deployed.get(stackName) ?? deploy(stackName);
  deployed.set(stackName, known);
  return known;
}

async function deploy(stackName: string): Promise<Deployed> {
  const deployment = closedIn(shared, await Deployment.create(stackName, STACKS[stackName]));
  return { deployment, preview: await deployment.preview(), up: await deployment.up() };
}

/** A stack of a test's own that nothing was deployed to. */
export async function empty(stackName: string, settings: Readonly<Record<string, string>> = {}): Promise<Deployment> {
  return closedIn(own, await Deployment.create(stackName, { ...STACKS[stackName], ...settings }));
}

/** A live stack of a test's own, as the first `up` left it. */
export async function fresh(stackName: string): Promise<Deployment> {
  const { deployment } = await firstUp(stackName);
  return closedIn(own, await deployment.copy());
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
