import { bundledFiles } from "../shared/bundledFiles.js";

/** Entry of the tools' function. */
export const TOOLS_ENTRY = "lambda/tools/index.ts";

// Bundling takes half a second of another core. It starts here, while this process still loads Pulumi's packages.
void bundledFiles(TOOLS_ENTRY);
