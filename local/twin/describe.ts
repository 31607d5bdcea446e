import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { TwinError } from "./errors.js";
import { PROGRAMS } from "./processes/programs.js";

const description = z.looseObject({
  model_id: z.string(),
  revision: z.string(),
  weights: z.enum(["pretrained", "synthetic"]),
  model_version: z.string().regex(/^sha256:[0-9a-f]{64}$/),
});

/** What a checkpoint is, as `amplify-vep describe` tells. */
export type ModelDescription = z.infer<typeof description>;

/**
 * Describes a checkpoint without loading it.
 *
 * @param modelDir folder of the checkpoint
 * @param command the program `amplify-vep`; default: the installed one
 * @throws TwinError `MODEL_UNAVAILABLE` where the folder holds none
 */
export async function describeModel(modelDir: string, command = PROGRAMS.amplifyVep): Promise<ModelDescription> {
  try {
    const { stdout } = await promisify(execFile)(command, ["describe", "--model", modelDir]);
    return description.parse(JSON.parse(stdout));
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim();
    throw new TwinError(
      "MODEL_UNAVAILABLE",
      `${modelDir} holds no checkpoint that can be served: ${said ?? (error as Error).message}`,
      { cause: error },
    );
  }
}
