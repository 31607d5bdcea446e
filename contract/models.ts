import * as z from "zod";
import { sequenceSha256 } from "./jobs.js";

/** Name of the version that the single-model keys of the configuration describe. */
export const BASE_VERSION = "base";

/** Most versions beside `base`: functions get the list in their environment, which Lambda limits to 4 kB. */
export const MAX_MORE_VERSIONS = 4;

/** What modelB does: `split` sends a share of the proteins to it, `shadow` scores every protein with both. */
export const MODEL_B_MODES = ["split", "shadow"] as const;
export type ModelBMode = (typeof MODEL_B_MODES)[number];

/** How long functions cache the active pointer, in seconds. */
export const POINTER_CACHE_SECONDS = 30;

/** How long after an activation `modelGuard` rolls it back, in seconds. */
export const BAKE_SECONDS = 3_600;

/** Who changed the pointer, where it was `modelGuard`. */
export const GUARD = "modelGuard";

/** Most characters of the reason of a change. */
export const MAX_REASON_LENGTH = 300;

/** A model version as functions know it: the program writes the list, in JSON, into their environment. */
export const servedVersion = z.strictObject({
  name: z.string(),
  endpoint: z.string(),
  /** Recorded with each job, as are `revision` and `digest`. */
  model: z.string(),
  revision: z.string(),
  /** The version of weights and code together, part of each job's id. */
  digest: z.string(),
  /** Most instances of its endpoint. */
  most: z.int().positive(),
});
export type ServedVersion = Readonly<z.infer<typeof servedVersion>>;

/**
 * The record of a version in Systems Manager, written by the program when the version is deployed. The parameter's own
 * time of change is when it was deployed.
 */
export const versionRecord = z.strictObject({
  name: z.string(),
  /** Digest of the container image. */
  image_digest: z.string(),
  /** `sha256:...`: image and weights together; equal to `image_digest` for weights in the image. */
  model_version: z.string(),
  /** Repository of the image. */
  image: z.string(),
  /** Id on the hub, or the address of weights in S3. */
  model_id: z.string(),
  /** As configured: branch, tag or commit; the manifest's hash for weights in S3. */
  revision: z.string(),
  endpoint: z.string(),
  instance_type: z.string(),
  min_capacity: z.int(),
  max_capacity: z.int(),
});
export type VersionRecord = Readonly<z.infer<typeof versionRecord>>;

/** What an assay says about a version. */
const assayFigure = z.strictObject({ name: z.string(), spearman: z.number(), variants: z.int() });

/** Figures of a version, measured by `vep models measure` with the version itself. */
export const versionFigures = z.strictObject({
  /** The `model_version` that was measured: figures of an earlier image say nothing about this one. */
  model_version: z.string(),
  measured_at: z.string(),
  /** As the container reports it in its results. */
  resolved_revision: z.string(),
  weights: z.enum(["pretrained", "synthetic"]),
  /** SHA-256 of the weights, where the container reports it. */
  weights_sha256: z.string().nullable(),
  /** The fastest precision that passed the container's fidelity gate, such as bfloat16; null where it does not say. */
  precision: z.string().nullable(),
  bench: z.strictObject({ gpu_seconds_per_1000_residues: z.number(), residues: z.int() }).nullable(),
  validation: z.strictObject({ mean_spearman: z.number(), assays: z.array(assayFigure).readonly() }).nullable(),
});
export type VersionFigures = Readonly<z.infer<typeof versionFigures>>;

/** The active pointer: which version answers submissions that name none. */
export const activePointer = z.strictObject({
  version: z.string(),
  /** The version before; null until the pointer was changed. */
  previous: z.string().nullable(),
  /** ISO 8601; null until the pointer was changed. */
  changed_at: z.string().nullable(),
  /** Who changed it: the caller's ARN. */
  by: z.string().nullable(),
  reason: z.string().nullable(),
  /** What the change was refused for, if `--force` made it nevertheless. */
  forced: z.array(z.string()).readonly(),
});
export type ActivePointer = Readonly<z.infer<typeof activePointer>>;

/** The pointer that the program writes once; operators change it. */
export const FIRST_POINTER: ActivePointer = {
  version: BASE_VERSION,
  previous: null,
  changed_at: null,
  by: null,
  reason: null,
  forced: [],
};

/**
 * Reads the pointer.
 *
 * @returns undefined if the text is none
 */
export function readPointer(text: string): ActivePointer | undefined {
  try {
    return activePointer.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * The `CustomAttributes` of a request, which SageMaker forwards to the container verbatim: the version that the request is
 * for. A container that has another version refuses it, because its answer would be stored as that of this version. An image
 * of an earlier release does not read them.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */
export function requestAttributes(modelVersion: string): string {
  return `model-version=${modelVersion}`;
}

/** The container's error code for a request that is for another version. */
export const OTHER_MODEL_VERSION = "OTHER_MODEL_VERSION";

/** Names of the parameters in Systems Manager. */
export const modelParameters = {
  active: (prefix: string) => `/${prefix}/models/active`,
  version: (prefix: string, version: string) => `/${prefix}/models/versions/${version}`,
  versions: (prefix: string) => `/${prefix}/models/versions`,
  /** Written by operators alone, so that `pulumi up` does not take figures back. */
  figures: (prefix: string, version: string) => `/${prefix}/models/figures/${version}`,
  allFigures: (prefix: string) => `/${prefix}/models/figures`,
} as const;

/**
 * Whether a protein goes to modelB: the first 32 bits of its SHA-256, as a part of 2^32, are below the share. The ledger
 * and the result store have the hash, so that everybody can check it.
 *
 * @param share of the proteins, in percent, 0 to 100
 */
export function goesToModelB(sequence: string, share: number): boolean {
  return Number.parseInt(sequenceSha256(sequence).slice(0, 8), 16) / 2 ** 32 < share / 100;
}
