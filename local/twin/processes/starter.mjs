// Finds the program that started another one. `npm run` puts a shell between itself and the program, and that shell
// lives on when npm is killed: the program's own parent process does not show that npm has ended.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

const SHELL = /^-?(ash|bash|dash|ksh|sh|zsh)$/;

// PID (NAME) STATE PPID PGRP ...; the name may hold spaces and parentheses.
const PROC_STAT = /\((?<name>.*)\) \S (?<parent>\d+) (?<group>\d+)/s;
const PS_LINE = /^\s*(?<parent>\d+)\s+(?<group>\d+)\s+(?<name>.*)/;

function describe(pid) {
  // Small Linux images have no ps.
  if (process.platform !== "linux") {
    const { stdout } = spawnSync("/bin/ps", ["-o", "ppid=,pgid=,comm=", "-p", String(pid)], { encoding: "utf8" });
    return PS_LINE.exec(stdout);
  }
  try {
    return PROC_STAT.exec(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    // The process has ended.
    return null;
  }
}

/** Parent, process group and program name of a process; undefined if it has ended. */
function inspect(pid) {
  const groups = describe(pid)?.groups;
  if (!groups) return undefined;
  return { parent: Number(groups.parent), group: groups.group, name: path.basename(groups.name.trim()) };
}

/**
 * Process id of the nearest ancestor that is not a shell. Undefined if that ancestor has ended, or if `pid` was
 * detached from it into a process group of its own.
 */
export function starterOf(pid) {
  const { parent, group } = inspect(pid) ?? {};
  for (let ancestor = parent; ancestor;) {
    const found = inspect(ancestor);
    if (found?.group !== group) return undefined;
    if (!SHELL.test(found.name)) return ancestor;
    ancestor = found.parent;
  }
  return undefined;
}
