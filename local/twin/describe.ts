import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { messageOf, TwinError } from "./errors.js";
import { PROGRAMS } from "./processes/programs.js";

const description = z.looseObject({
  model_id: z.string(),
  revision: z.string(),
  weights: z.enum(["pretrained", "synthetic"]),
  model_version: z.string().regex(/^sha256:[0-9a-f]{64}$/),
});

/** Description of a checkpoint, as `amplify-vep describe` prints it. */
export type ModelDescription = z.infer<typeof description>;

/**
 * Describes a checkpoint without loading it.
 *
 * @param modelDir folder of the checkpoint
 * @param command path of the program `amplify-vep`
 * @default command the installed one
 * @throws TwinError `MODEL_UNAVAILABLE` if the folder holds no complete checkpoint
 */
export async function describeModel(modelDir: string, command = PROGRAMS.amplifyVep): Promise<ModelDescription> {
  try {
    const { stdout } = await promisify(execFile)(command, ["describe", "--model", modelDir]);
    return description.parse(JSON.parse(stdout));
  } catch (error) {
    const reason = (error as { stderr?: string }).stderr?.trim() ?? messageOf(error);
    throw new TwinError(
      "MODEL_UNAVAILABLE",
      `${modelDir} holds no complete checkpoint: ${reason}\nGive another model with --model.`,
      { cause: error },
    );
  }
}
