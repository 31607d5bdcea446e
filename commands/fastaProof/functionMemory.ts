import { readdirSync, readFileSync } from "node:fs";

/** The largest memory that a running process of a function has had, in MB; undefined where /proc does not tell it. */
export function peakMemoryMb(functionName: string): number | undefined {
  const peaks = processIds().flatMap((id) => {
    const environment = read(`/proc/${id}/environ`).split("\0");
    if (!environment.includes(`AWS_LAMBDA_FUNCTION_NAME=${functionName}`)) return [];
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${id}/status`))?.[1];
    return kilobytes === undefined ? [] : [Number(kilobytes) / 1_000];
  });
  return peaks.length === 0 ? undefined : Math.round(Math.max(...peaks));
}

function processIds(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** A file of /proc; empty if its process has ended, or belongs to another user. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
