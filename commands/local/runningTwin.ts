import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../check/checks.js";

/** Where `npm run local` says that it runs. */
const FILE = path.join(ROOT, ".cache", "local-twin.json");

/** A twin that another process serves. */
export interface RunningTwin {
  readonly pid: number;
  readonly endpointUrl: string;
  /** Name of the tools' function. */
  readonly functionName: string;
}

/** Lets other commands of this clone find the twin of this process. */
export function announceTwin(twin: Omit<RunningTwin, "pid">, file = FILE): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ pid: process.pid, ...twin }));
}

/** Ends what {@link announceTwin} began, unless a later twin has been announced since. */
export function withdrawTwin(file = FILE): void {
  if (announced(file)?.pid === process.pid) rmSync(file, { force: true });
}

/** The twin that runs on this machine for this clone, if there is one: the one that was started last. */
export function runningTwin(file = FILE): RunningTwin | undefined {
  const twin = announced(file);
  return twin && isAlive(twin.pid) ? twin : undefined;
}

function announced(file: string): RunningTwin | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as RunningTwin;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
