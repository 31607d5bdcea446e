#!/usr/bin/env node
// The `vep` command of a clone: installs what it needs where the lock has changed, and runs its TypeScript.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = path.dirname(fileURLToPath(import.meta.url));

// Only the twin needs Python; the folder that a query reads has an option of the same name.
const needsTwin = process.argv.includes("--local") && process.argv[2] !== "query";
const parts = needsTwin ? [] : ["--only=node"];
const setup = spawnSync(process.execPath, [path.join(FOLDER, "setup.mjs"), ...parts], { stdio: "inherit" });
if (setup.status !== 0) process.exit(setup.status === null ? 1 : setup.status);
const { register } = await import("tsx/esm/api");
register();
await import("./vep.ts");
