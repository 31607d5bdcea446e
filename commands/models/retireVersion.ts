import { paginateQuery } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { LEDGER_INDEXES, statesOf, type LedgerItem } from "../../contract/jobs.js";
import { BASE_VERSION, type ActivePointer } from "../../contract/models.js";
import { UsageError } from "../command.js";
import { pulumi } from "../vep/pulumi.js";
import type { DeployedVersion } from "./modelRegistry.js";
import type { StackAccess } from "./stackAccess.js";

/** What is known of a stack when a version is to be retired. */
export interface RetirementFacts {
  readonly pointer: ActivePointer | undefined;
  /** `modelB` of the stack; undefined without. */
  readonly modelB: string | undefined;
  /** Unfinished jobs of all versions. */
  readonly unfinished: readonly Pick<LedgerItem, "model_version">[];
}

/**
 * Why a version cannot be retired now, and what to do about it. Results of a retired version stay readable: they are in the
 * bucket, under ids that contain its digest.
 */
export function retirementFaults({ name }: DeployedVersion, facts: RetirementFacts): string[] {
  const { pointer, modelB, unfinished } = facts;
  const faults: string[] = [];
  if (name === BASE_VERSION) {
    faults.push(
      `${BASE_VERSION} is the version of the keys modelId, imageUri and so on: give them the image of the version that stays, and retire that one (docs/models.md)`,
    );
  }
  if (pointer?.version === name) faults.push(`${name} is active: activate another version first`);
  if (modelB === name) faults.push(`${name} is modelB: run pulumi config rm modelB and pulumi up first`);
  const own = unfinished.filter(({ model_version: version = BASE_VERSION }) => version === name).length;
  if (own > 0) faults.push(`${own} job(s) of ${name} have not ended: wait for them, or cancel them`);
  return faults;
}

/** `models` of a stack, as `pulumi config get --json` prints it: a list, or the text of one. */
const configured = z.object({ value: z.string(), objectValue: z.array(z.unknown()).exactOptional() });

/**
 * The arguments of `pulumi` that take a version out of the configuration, as it is now: it can be newer than what runs.
 *
 * @param config what `pulumi config get models --json` printed
 * @returns undefined if the configuration does not have the version
 */
export function removalArguments(name: string, config: string): string[] | undefined {
  const { value, objectValue } = configured.parse(JSON.parse(config));
  const entries = z.array(z.looseObject({ name: z.string() })).parse(JSON.parse(value));
  const index = entries.findIndex((entry) => entry.name === name);
  if (index < 0) return undefined;
  // Pulumi takes an entry out of a list, and leaves a text silently as it is.
  return objectValue === undefined
    ? ["config", "set", "models", JSON.stringify(entries.filter((entry) => entry.name !== name))]
    : ["config", "rm", "--path", `models[${index}]`];
}

/**
 * Takes a version out of the configuration of a stack; without a stack, it prints the commands for what was deployed last.
 *
 * @returns the exit code
 * @throws UsageError if there is no such version; Error with every reason against it
 */
export async function retire(
  name: string,
  access: StackAccess,
  { stack, json }: { readonly stack?: string; readonly json?: boolean },
): Promise<number> {
  const version = await access.registry.version(name);
  const { served, modelB } = await access.facts();
  const [pointer, unfinished] = [await access.registry.pointer(), await unfinishedJobs(access)];
  const faults = retirementFaults(version, { pointer, modelB, unfinished });
  if (faults.length > 0) {
    throw new Error(
      `${name} cannot be retired, and nothing was changed:\n${faults.map((fault) => `- ${fault}`).join("\n")}`,
    );
  }
  const deployed = JSON.stringify(served.filter((one) => one.name !== BASE_VERSION));
  const config =
    stack === undefined
      ? `{"value":${JSON.stringify(deployed)},"objectValue":[]}`
      : await pulumi(stack, "config", "get", "models", "--json");
  const removal = removalArguments(name, config);
  const up = `pulumi up${stack === undefined ? "" : ` --stack ${stack}`}`;
  if (removal === undefined) throw new UsageError(`the configuration has no version '${name}' any more: run ${up}.`);
  if (stack !== undefined) await pulumi(stack, ...removal);
  const command = `pulumi ${removal.map(quoted).join(" ")}${stack === undefined ? "" : ` --stack ${stack}`}`;
  if (json) console.log(JSON.stringify({ version: name, removed: stack !== undefined, commands: [command, up] }));
  else if (stack === undefined) console.log(`${command} && ${up}`);
  else console.log(`${name} is no longer in the configuration; ${up} deletes its endpoint. Its results stay readable.`);
  return 0;
}

async function unfinishedJobs(access: StackAccess): Promise<LedgerItem[]> {
  const { documents, table } = await access.ledger();
  const found: LedgerItem[] = [];
  for (const state of statesOf("in_progress")) {
    const query = {
      TableName: table,
      IndexName: LEDGER_INDEXES.byState,
      KeyConditionExpression: "#state = :state",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: { ":state": state },
    };
    for await (const { Items = [] } of paginateQuery({ client: documents }, query))
      found.push(...(Items as LedgerItem[]));
  }
  return found;
}

function quoted(word: string): string {
  return /^[\w-]+$/.test(word) ? word : `'${word}'`;
}
