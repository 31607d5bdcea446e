/** How often the starter is looked for, in milliseconds. */
const INTERVAL_MS = 500;

/**
 * Ends this process when the one that started it ends first: a test run that is killed outright cannot stop what it
 * started.
 */
export function endWithStarter(): void {
  const starter = process.ppid;
  const check = (): void => {
    if (process.ppid !== starter) process.kill(process.pid, "SIGTERM");
  };
  setInterval(check, INTERVAL_MS).unref();
}
