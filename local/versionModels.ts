import * as z from "zod";
import { prepareModel, type PreparedModel } from "./model.js";
import { projectName, stackConfig } from "./program/stackConfig.js";
import { TwinError } from "./twin/errors.js";

/** The parts of an entry of `models` that say which checkpoint the twin serves. */
const entries = z.array(
  z.looseObject({ name: z.string(), modelId: z.string().optional(), revision: z.string().optional() }),
);

/** The checkpoints of the model versions of a stack. */
export interface VersionModels {
  /** Folders by `modelId`, or `modelId@revision`, as a twin takes them. */
  readonly models: Readonly<Record<string, string>>;
  /** Warnings for the user. */
  readonly notices: readonly string[];
}

/**
 * Finds or downloads the checkpoints of the versions in `models`. Where the hub does not answer, each gets a synthetic one
 * of its own.
 *
 * @param overrides configuration that replaces the stack's
 * @param report called with one sentence before each step that takes long
 * @throws TwinError `MODEL_UNAVAILABLE` for a version without `modelId`: the twin has neither images nor weights in S3
 */
export async function prepareVersions(
  stack: string,
  overrides: Readonly<Record<string, string>>,
  report: (message: string) => void,
): Promise<VersionModels> {
  const list = stackConfig({ stack, overrides })[`${projectName()}:models`] ?? "[]";
  const models: Record<string, string> = {};
  const notices: string[] = [];
  for (const [index, { name, modelId, revision }] of entries.parse(JSON.parse(list)).entries()) {
    if (modelId === undefined) {
      throw new TwinError(
        "MODEL_UNAVAILABLE",
        `The twin serves versions with modelId only, and '${name}' has none; leave it out with --config 'models=[]'.`,
      );
    }
    const prepared: PreparedModel = await prepareModel(modelId, report, { seed: index + 1 });
    models[revision === undefined ? modelId : `${modelId}@${revision}`] = prepared.dir;
    if (prepared.notice !== undefined) notices.push(`${name}: ${prepared.notice}`);
  }
  return { models, notices };
}
