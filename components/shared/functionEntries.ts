import { startBundling } from "./bundledFiles.js";

/** Entries of the functions that every stack has. */
export const TOOLS_ENTRY = "lambda/tools/index.ts";
export const RECORDER_ENTRY = "lambda/jobs/recorderEntry.ts";
export const SWEEPER_ENTRY = "lambda/jobs/sweeperEntry.ts";

// Bundling takes seconds of another core. It starts here, while this process still loads Pulumi's packages.
startBundling([TOOLS_ENTRY, RECORDER_ENTRY, SWEEPER_ENTRY]);
