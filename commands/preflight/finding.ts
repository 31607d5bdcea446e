/** How much a finding matters: `fault` stops a `pulumi up`, `warning` may stop it, `unknown` could not be checked. */
export const LEVELS = ["ok", "warning", "unknown", "fault"] as const;
export type Level = (typeof LEVELS)[number];

/** One result of a check of the account or this machine. */
export interface Finding {
  /** What was checked, such as `endpoint quota`. */
  readonly check: string;
  readonly level: Level;
  /** Names the value that was found, and the value that is needed. */
  readonly message: string;
  /** The command or step that fixes it; absent at level `ok`. */
  readonly fix?: string;
}

/** The findings of all checks of a stack. */
export interface StackFindings {
  readonly stack: string;
  readonly region: string;
  /** Absent where there are no credentials, or where the configuration has faults. */
  readonly account?: string;
  readonly findings: readonly Finding[];
}

/** Makes the findings of one check. */
export function findingsOf(check: string): {
  ok: (message: string) => Finding;
  bad: (level: Exclude<Level, "ok">, message: string, fix: string) => Finding;
} {
  return {
    ok: (message) => ({ check, level: "ok", message }),
    bad: (level, message, fix) => ({ check, level, message, fix }),
  };
}

/** A check: its name, and its findings. It may throw the errors of AWS, see `runCheck`. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<readonly Finding[]>;
}

/**
 * Runs a check. An error that it throws becomes a finding of level `unknown`, such as a call that is not allowed.
 */
export async function runCheck({ name, run }: Check): Promise<readonly Finding[]> {
  try {
    return await run();
  } catch (error) {
    const { bad } = findingsOf(name);
    const fix = isDenied(error)
      ? "Allow this action for the identity that aws sts get-caller-identity shows, or check by hand."
      : "Run it again; if the error stays, check by hand.";
    return [bad("unknown", `Not checked: ${reasonOf(error)}`, fix)];
  }
}

/** The name and message of an error, in one line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // The error of a failed connection has an empty message; its reasons are inside.
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error.cause;
  const inner = cause instanceof Error && cause.message !== error.message ? ` (${cause.message})` : "";
  return `${error.name}: ${error.message}${inner}`.replace(/\s+/g, " ");
}

/** Codes of Node for an address that has no name, or does not answer. */
const UNREACHABLE = [
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
];

/** Whether there was no answer at all. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined && UNREACHABLE.includes(code)) return true;
  if (error.name === "TimeoutError") return true;
  return error instanceof AggregateError ? error.errors.some(isUnreachable) : isUnreachable(error.cause);
}

/** Whether AWS refused a call because the caller may not make it. */
export function isDenied(error: unknown): boolean {
  return (
    error instanceof Error && /AccessDenied|UnauthorizedOperation|AuthorizationError|NotAuthorized/.test(error.name)
  );
}
