import { BASE_VERSION } from "../../contract/models.js";
import { nearest } from "../../contract/nearest.js";
import { removeCommand, setCommand, type ConfigFault } from "./faults.js";
import type { StackSettings } from "./keys.js";
import type { ModelEntry } from "./modelKeys.js";
import { versionPrefix } from "./modelVersions.js";
import { LONGEST_PREFIX } from "./names.js";

type ModelsSettings = Partial<
  Pick<
    StackSettings,
    | "models"
    | "modelB"
    | "modelBShare"
    | "modelBMode"
    | "modelGovernance"
    | "modelGuard"
    | "enableAutoscaling"
    | "maxCapacity"
    | "workHours"
    | "functionRoleArn"
  >
>;

/** The default of Pulumi.yaml: Pulumi does not say whether a value is one. */
const SHARE = 20;

/** Most characters of the models' names in the environment of a function, of which Lambda takes 4 kB. */
const MOST_CHARACTERS = 2_000;

/** Characters that the environment has for each version beside the names in its entry. */
const FIXED_CHARACTERS = 250;

/**
 * Faults between the keys of model versions.
 *
 * @param prefix first part of the names of the stack; undefined if it has a fault itself
 */
export function modelsFaults(settings: ModelsSettings, prefix: string | undefined): ConfigFault[] {
  const { models } = settings;
  if (models === undefined) return [];
  if (models.length === 0) return withoutModels(settings);
  return [
    ...models.flatMap((entry, index) => entryFaults(entry, index, settings, prefix)),
    ...nameFaults(models),
    ...lengthFaults(models),
    ...scalingFaults(settings),
    ...modelBFaults(settings, models),
  ];
}

/** Keys that change nothing without a second version. */
function withoutModels(settings: ModelsSettings): ConfigFault[] {
  const { modelB = "", modelBShare = SHARE, modelBMode = "split" } = settings;
  const given = {
    modelB,
    modelBShare: modelBShare === SHARE ? "" : String(modelBShare),
    modelBMode: modelBMode === "split" ? "" : modelBMode,
    modelGovernance: settings.modelGovernance === true ? "true" : "",
    modelGuard: settings.modelGuard === true ? "true" : "",
  };
  const problem = "allowed only with models: a stack with one version has nothing to choose";
  return Object.entries(given)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => ({ key, value, problem, fix: removeCommand(key) }));
}

function entryFaults(
  entry: ModelEntry,
  index: number,
  { maxCapacity, workHours }: ModelsSettings,
  prefix: string | undefined,
): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const { name, modelId, revision, imageUri, modelDataUrl, minCapacity = 0 } = entry;
  const add = (field: string, value: string, problem: string, fix: string): void => {
    faults.push({ key: `models[${index}].${field}`, value, problem, fix });
  };
  if (modelId === undefined && imageUri === undefined && modelDataUrl === undefined) {
    const problem = "allowed is a version with modelId, imageUri or modelDataUrl: this one names no model";
    add("modelId", "", problem, setField(index, "modelId", "chandar-lab/AMPLIFY_350M"));
  }
  if (modelDataUrl !== undefined && modelId !== undefined) {
    const problem = "allowed only without modelDataUrl: it names a model on the hub, and the weights are from S3";
    add("modelId", modelId, problem, removeField(index, "modelId"));
  }
  if (revision !== undefined && modelId === undefined) {
    add("revision", revision, "allowed only with modelId, whose revision it is", removeField(index, "revision"));
  }
  const most = entry.maxCapacity ?? maxCapacity;
  if (most !== undefined && minCapacity > most) {
    const problem = `allowed is an integer from 0 to maxCapacity, which is ${most}`;
    add("minCapacity", String(minCapacity), problem, setField(index, "minCapacity", String(most)));
  }
  const { workHoursCapacity: atWork } = entry;
  if (atWork !== undefined && workHours === "") {
    const problem = "allowed only with workHours, in which it holds";
    add("workHoursCapacity", String(atWork), problem, removeField(index, "workHoursCapacity"));
  } else if (atWork !== undefined && most !== undefined && (atWork <= minCapacity || atWork > most)) {
    const problem = `allowed is an integer above minCapacity, which is ${minCapacity}, and at most maxCapacity, which is ${most}`;
    const fix =
      minCapacity < most
        ? setField(index, "workHoursCapacity", String(minCapacity + 1))
        : removeField(index, "workHoursCapacity");
    add("workHoursCapacity", String(atWork), problem, fix);
  }
  if (prefix === undefined) return faults;
  const own = versionPrefix(prefix, name);
  const room = LONGEST_PREFIX - versionPrefix(prefix, "").length;
  if (own.length > LONGEST_PREFIX) {
    const problem = `the prefix '${own}' has ${own.length} characters, allowed are ${LONGEST_PREFIX}`;
    const shorter = room > 0 ? setField(index, "name", name.slice(0, room).replace(/-+$/, "")) : "";
    add("name", name, problem, shorter || setCommand("projectName", "vep"));
  }
  return faults;
}

function nameFaults(models: readonly ModelEntry[]): ConfigFault[] {
  return models.flatMap(({ name }, index) => {
    const first = models.findIndex((other) => other.name === name);
    if (name !== BASE_VERSION && first === index) return [];
    const owner = name === BASE_VERSION ? "the version of the keys modelId, imageUri and so on" : `models[${first}]`;
    return [
      {
        key: `models[${index}].name`,
        value: name,
        problem: `allowed is a name that no other version has: this is the name of ${owner}`,
        fix: setField(index, "name", `v${index + 2}`),
      },
    ];
  });
}

function lengthFaults(models: readonly ModelEntry[]): ConfigFault[] {
  const texts = models.flatMap(({ name, modelId, modelDataUrl, imageUri, revision }) => [
    name,
    modelId ?? modelDataUrl ?? imageUri ?? "",
    revision ?? "",
  ]);
  const characters = texts.join("").length;
  if (characters + FIXED_CHARACTERS * models.length <= MOST_CHARACTERS + FIXED_CHARACTERS) return [];
  const problem = `the names of the models have ${characters} characters together, and Lambda limits the environment of functions to 4 kB: allowed are fewer or shorter ones`;
  return [{ key: "models", value: `${models.length} versions`, problem, fix: removeField(models.length - 1) }];
}

function scalingFaults({ enableAutoscaling }: ModelsSettings): ConfigFault[] {
  if (enableAutoscaling !== false) return [];
  const problem = "allowed is true with models: without scaling, each idle version would keep an instance";
  return [{ key: "enableAutoscaling", value: "false", problem, fix: setCommand("enableAutoscaling", "true") }];
}

function modelBFaults(settings: ModelsSettings, models: readonly ModelEntry[]): ConfigFault[] {
  const { modelB, modelBShare, modelBMode } = settings;
  const names = [BASE_VERSION, ...models.map(({ name }) => name)];
  const faults: ConfigFault[] = [];
  if (modelB !== undefined && modelB !== "" && !names.includes(modelB)) {
    const problem = `allowed is a version of the stack: ${names.join(", ")}`;
    const near = nearest(modelB, names) ?? names[1] ?? BASE_VERSION;
    faults.push({ key: "modelB", value: modelB, problem, fix: setCommand("modelB", near) });
  }
  if (modelB === "" && modelBShare !== undefined && modelBShare !== SHARE) {
    const problem = "allowed only with modelB, whose share it is";
    faults.push({ key: "modelBShare", value: String(modelBShare), problem, fix: removeCommand("modelBShare") });
  }
  if (modelBMode !== "shadow") return faults;
  if (modelB === "") {
    const problem = "allowed only with modelB: no version is named that shadows";
    faults.push({ key: "modelBMode", value: modelBMode, problem, fix: setCommand("modelB", names[1] ?? "v2") });
  }
  if (modelBShare !== undefined && modelBShare !== SHARE) {
    const problem = "allowed only with modelBMode split: a shadow scores every protein";
    faults.push({ key: "modelBShare", value: String(modelBShare), problem, fix: removeCommand("modelBShare") });
  }
  return faults;
}

function setField(index: number, field: string, value: string): string {
  return `pulumi config set --path 'models[${index}].${field}' ${value}`;
}

function removeField(index: number, field?: string): string {
  return `pulumi config rm --path 'models[${index}]${field === undefined ? "" : `.${field}`}'`;
}
