import { fileURLToPath } from "node:url";

const ROOT = new URL("../../../", import.meta.url);

/** Programs of the Python environment that `node commands/setup.mjs` installs. */
export const PROGRAMS = {
  amplifyVep: fileURLToPath(new URL(".venv/bin/amplify-vep", ROOT)),
  python: fileURLToPath(new URL(".venv/bin/python", ROOT)),
} as const;

/** Folder of downloaded and synthetic checkpoints. */
export const MODELS_FOLDER = fileURLToPath(new URL(".cache/models/", ROOT));
