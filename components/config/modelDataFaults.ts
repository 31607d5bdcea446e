import { removeCommand, type ConfigFault } from "./faults.js";
import type { StackSettings } from "./keys.js";

/** The defaults of Pulumi.yaml: Pulumi does not say whether a value is one. */
const DEFAULTS = { modelId: "chandar-lab/AMPLIFY_350M", modelRevision: "main" } as const;

/** Faults between `modelDataUrl` and the keys of a model on the hub, which it replaces. */
export function modelDataFaults(
  settings: Partial<Pick<StackSettings, "modelDataUrl" | keyof typeof DEFAULTS>>,
): ConfigFault[] {
  if ((settings.modelDataUrl ?? "") === "") return [];
  return Object.entries(DEFAULTS).flatMap(([key, initial]) => {
    const value = settings[key as keyof typeof DEFAULTS] ?? initial;
    if (value === initial) return [];
    const problem = "allowed only without modelDataUrl: it names a model on the hub, and the weights are from S3";
    return [{ key, value, problem, fix: removeCommand(key) }];
  });
}
