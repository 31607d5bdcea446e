import { fileURLToPath } from "node:url";

const ROOT = new URL("../../../", import.meta.url);

/** Programs of the Python environment that the commands install. */
export const PROGRAMS = {
  amplifyVep: fileURLToPath(new URL(".venv/bin/amplify-vep", ROOT)),
  motoServer: fileURLToPath(new URL(".venv/bin/moto_server", ROOT)),
} as const;

/** Where downloaded and made-up checkpoints are kept. */
export const MODELS_FOLDER = fileURLToPath(new URL(".cache/models/", ROOT));
