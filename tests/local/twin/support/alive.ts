import { spawnSync } from "node:child_process";
import { until } from "./until.js";

/** Whether a process runs; one that has ended and waits for its parent to notice does not. */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  const state = stdout.trim();
  return state !== "" && !state.startsWith("Z");
}

/** Waits until none of the processes runs. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  await until(`the end of ${pids.join(", ")}`, () => (pids.some(isAlive) ? undefined : true));
}

/** Every process that descends from one, itself included. */
export function familyOf(pid: number): number[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const pairs = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const childrenOf = (parent: number): number[] =>
    pairs.filter(([, ppid]) => ppid === parent).flatMap(([child]) => (child ? [child, ...childrenOf(child)] : []));
  return [pid, ...childrenOf(pid)];
}
