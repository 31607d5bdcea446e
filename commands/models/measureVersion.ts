import type { VersionFigures } from "../../contract/models.js";
import type { VariantEffects } from "../../contract/result.js";
import type { Scorer } from "../scoring/scoreProtein.js";
import { scoreAssay, spearmanOf, type NamedAssay, type ScoredAssay } from "./assays.js";
import type { DeployedVersion } from "./modelRegistry.js";

/**
 * Measures a version by scoring the proteins of assays with it.
 *
 * @param assays at least one
 * @throws Error where a job does not complete
 */
export async function measureVersion(
  version: DeployedVersion,
  assays: readonly NamedAssay[],
  scorer: Scorer,
  now: Date,
): Promise<VersionFigures> {
  const scored: ScoredAssay[] = [];
  for (const assay of assays) scored.push(await scoreAssay(assay, version.name, scorer));
  const [first] = scored;
  if (first === undefined) throw new RangeError("There is no assay to measure with.");
  const { revision, weights, weights_sha256: sha256, dtype } = first.result.model;
  return {
    model_version: version.model_version,
    measured_at: now.toISOString(),
    resolved_revision: revision,
    weights,
    weights_sha256: typeof sha256 === "string" ? sha256 : null,
    precision: typeof dtype === "string" ? dtype : null,
    bench: benchOf(scored.map(({ result }) => result)),
    validation: validationOf(scored),
  };
}

function benchOf(results: readonly VariantEffects[]): VersionFigures["bench"] {
  const timed = results.flatMap(({ sequence_length: residues, timing }) =>
    typeof timing["compute_s"] === "number" ? [{ residues, seconds: timing["compute_s"] }] : [],
  );
  const residues = timed.reduce((sum, one) => sum + one.residues, 0);
  if (residues === 0) return null;
  const seconds = timed.reduce((sum, one) => sum + one.seconds, 0);
  return { gpu_seconds_per_1000_residues: (1_000 * seconds) / residues, residues };
}

function validationOf(scored: readonly ScoredAssay[]): VersionFigures["validation"] {
  const assays = scored.flatMap((one) => {
    const { spearman, variants } = spearmanOf(one);
    return spearman === null ? [] : [{ name: one.name, spearman, variants }];
  });
  if (assays.length === 0) return null;
  return { mean_spearman: assays.reduce((sum, { spearman }) => sum + spearman, 0) / assays.length, assays };
}
