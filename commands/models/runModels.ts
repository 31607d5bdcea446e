import { writeFileSync } from "node:fs";
import type { ActivePointer } from "../../contract/models.js";
import { UsageError } from "../command.js";
import { rowsOf } from "../query/runQuery.js";
import { withTarget, type Target, type TargetOptions } from "../vep/target.js";
import type { ModelAction } from "./actions.js";
import { activate, rollback, type Activation } from "./activate.js";
import { DEFAULT_MARGIN, endpointFacts } from "./activationGuard.js";
import { readAssays } from "./assays.js";
import { comparisonPage } from "./comparisonPage.js";
import { comparisonText } from "./comparisonText.js";
import { fromLedger } from "./ledgerComparison.js";
import { measureVersion } from "./measureVersion.js";
import type { DeployedVersion } from "./modelRegistry.js";
import { registerPackage } from "./registerPackage.js";
import { retire } from "./retireVersion.js";
import { stackAccess, type StackAccess } from "./stackAccess.js";
import { fromStore } from "./storedComparison.js";
import { compareWithAssays, versionComparison } from "./versionComparison.js";

/** Options of `vep models`. */
export interface ModelsOptions extends TargetOptions {
  readonly json?: boolean;
  readonly reason?: string;
  readonly force?: boolean;
  readonly margin?: number;
  readonly assay?: readonly string[];
  readonly protein?: readonly string[];
  readonly proteins?: number;
  readonly page?: string;
  readonly workgroup?: string;
  readonly copy?: string;
}

/** Number of versions that each action names. */
const NAMED: Readonly<Record<ModelAction, 0 | 1 | 2>> = {
  list: 0,
  show: 1,
  activate: 1,
  rollback: 0,
  compare: 2,
  measure: 1,
  retire: 1,
  register: 1,
};

/** Proteins that are compared if no number is given. */
const PROTEINS = 200;

/**
 * Runs one action on the model versions of a stack.
 *
 * @param names the versions that it names
 * @returns the exit code
 * @throws UsageError for a wrong number of versions, or a version that the stack does not have
 */
export async function runModels(
  action: ModelAction,
  names: readonly string[],
  options: ModelsOptions,
): Promise<number> {
  if (names.length !== NAMED[action]) {
    throw new UsageError(`models ${action} takes ${NAMED[action]} version(s), got ${names.length}.`);
  }
  return withTarget(options, async (target) => {
    const access = stackAccess(target);
    const [one = "", other = ""] = names;
    switch (action) {
      case "list":
        return list(access, options);
      case "show":
        return show(one, access, options);
      case "activate":
        return print(await activate(one, access, changeOf(options)), options);
      case "rollback":
        return print(await rollback(access, changeOf(options)), options);
      case "compare":
        return compare([one, other], target, access, options);
      case "measure":
        return measure(one, target, access, options);
      case "retire":
        return retire(one, access, options);
      case "register":
        return register(one, access, options);
    }
  });
}

function changeOf({ reason, force, margin = DEFAULT_MARGIN }: ModelsOptions) {
  return { reason, force, margin };
}

async function list({ registry }: StackAccess, options: ModelsOptions): Promise<number> {
  const [versions, active] = await Promise.all([registry.versions(), registry.pointer()]);
  if (options.json) console.log(JSON.stringify({ active: active ?? null, versions }));
  else {
    for (const version of versions) console.log(lineOf(version, active));
    if (!versions.some(({ name }) => name === active?.version)) {
      console.log(
        active === undefined
          ? "No version is active: the pointer cannot be read. Run vep models activate."
          : `The pointer names ${active.version}, which the stack does not have. Run vep models activate.`,
      );
    }
  }
  return 0;
}

function lineOf({ name, model_id, revision, figures, deployed_at }: DeployedVersion, active?: ActivePointer): string {
  const mark = name === active?.version ? "*" : " ";
  const spearman = figures?.validation ? `  Spearman ${figures.validation.mean_spearman.toFixed(3)}` : "";
  return `${mark} ${name.padEnd(16)}  ${model_id} (${revision})  deployed ${deployed_at ?? "at an unknown time"}${spearman}`;
}

async function show(name: string, { registry, clients }: StackAccess, options: ModelsOptions): Promise<number> {
  const version = await registry.version(name);
  const [active, facts] = await Promise.all([registry.pointer(), endpointFacts(version.endpoint, clients)]);
  const { figures = null, ...record } = version;
  const shown = { ...record, active: active?.version === name, endpoint_status: facts, figures };
  console.log(JSON.stringify(shown, undefined, options.json ? 0 : 2));
  return 0;
}

function print({ pointer, notes }: Activation, options: ModelsOptions): number {
  if (options.json) console.log(JSON.stringify({ active: pointer, notes }));
  else for (const note of notes) console.log(note);
  return 0;
}

async function compare(
  names: readonly [string, string],
  target: Target,
  access: StackAccess,
  options: ModelsOptions,
): Promise<number> {
  const [a, b] = [await access.registry.version(names[0]), await access.registry.version(names[1])];
  if (a.model_version === b.model_version) {
    throw new UsageError(`${a.name} and ${b.name} have the same image and weights: there is nothing to compare.`);
  }
  const { workgroup, copy, proteins = PROTEINS, assay = [], protein = [] } = options;
  const assays = await readAssays(assay, protein);
  const validation = assays.length === 0 ? null : await compareWithAssays(assays, names, target);
  const stored = workgroup !== undefined || copy !== undefined;
  const query = { ...(workgroup !== undefined && { workgroup }), ...(copy !== undefined && { local: copy }) };
  const [source, found] = stored
    ? [
        `the result store (${workgroup ?? copy ?? ""})`,
        await fromStore((sql) => rowsOf(sql, query), a.model_version, b.model_version, proteins),
      ]
    : ["the job ledger", await fromLedger(await access.ledger(), a.model_version, b.model_version, proteins)];
  const comparison = versionComparison([a, b], source, found, validation);
  if (options.page !== undefined) writeFileSync(options.page, comparisonPage(comparison));
  console.log(options.json ? JSON.stringify(comparison) : comparisonText(comparison));
  return 0;
}

async function measure(name: string, target: Target, access: StackAccess, options: ModelsOptions): Promise<number> {
  const version = await access.registry.version(name);
  const { assay = [], protein = [] } = options;
  if (assay.length === 0) throw new UsageError("option '--assay' is missing: a version is measured with assays.");
  const figures = await measureVersion(version, await readAssays(assay, protein), target, access.now());
  await access.registry.writeFigures(name, figures);
  console.log(JSON.stringify(figures, undefined, options.json ? 0 : 2));
  if (figures.weights === "synthetic") console.error("Synthetic weights: these figures say nothing about a model.");
  return 0;
}

async function register(name: string, access: StackAccess, options: ModelsOptions): Promise<number> {
  const { prefix, registry, sageMaker } = access;
  const [version, pointer] = [await registry.version(name), await registry.pointer()];
  const arn = await registerPackage(version, pointer?.version === name, `${prefix}-models`, sageMaker);
  console.log(options.json ? JSON.stringify({ version: name, model_package_arn: arn }) : arn);
  return 0;
}
