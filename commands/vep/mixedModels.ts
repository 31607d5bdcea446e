import type { VariantEffects } from "../../contract/result.js";

/**
 * What to say where results are of several models, whose scores must not be compared: the stack splits proteins between two
 * versions, or files of an earlier run were kept, and another model is active now.
 *
 * @returns undefined for one model
 */
export function mixedModels(results: readonly Pick<VariantEffects, "model">[]): string | undefined {
  const names = new Map(
    results.map(({ model }) => {
      const { id, revision, weights_sha256: weights, package_version: code } = model;
      return [JSON.stringify([id, revision, weights, code]), `${id} (${revision})`] as const;
    }),
  );
  if (names.size <= 1) return undefined;
  return (
    `These results are of ${names.size} models, so their scores cannot be compared: ${[...names.values()].join(", ")}. ` +
    "--model-version NAME scores all proteins with one."
  );
}
