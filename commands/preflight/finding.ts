/** How much a finding matters: `fault` stops an `up`, `warning` may, `unknown` could not be looked at. */
export const LEVELS = ["ok", "warning", "unknown", "fault"] as const;
export type Level = (typeof LEVELS)[number];

/** What one look at the account or this machine showed. */
export interface Finding {
  /** What was looked at, such as `endpoint quota`. */
  readonly check: string;
  readonly level: Level;
  /** Names the value that was found, and what is needed. */
  readonly message: string;
  /** The command, or the step, that mends it; absent where nothing is to be mended. */
  readonly mend?: string;
}

/** Makes the findings of one check. */
export function findingsOf(check: string): {
  ok: (message: string) => Finding;
  bad: (level: Exclude<Level, "ok">, message: string, mend: string) => Finding;
} {
  return {
    ok: (message) => ({ check, level: "ok", message }),
    bad: (level, message, mend) => ({ check, level, message, mend }),
  };
}

/** A check: its name, and what it finds. It may throw what AWS answers, see `look`. */
export interface Check {
  readonly name: string;
  readonly run: () => Promise<readonly Finding[]>;
}

/**
 * Runs a check. What it throws is a finding too, never silence: a call that is not allowed, or that failed, leaves its
 * question open.
 */
export async function look({ name, run }: Check): Promise<readonly Finding[]> {
  try {
    return await run();
  } catch (error) {
    const { bad } = findingsOf(name);
    const mend = isDenied(error)
      ? "Allow the action to the identity that deploys, or look by hand."
      : "Run the preflight again; look by hand where it stays so.";
    return [bad("unknown", `Not looked at: ${reasonOf(error)}`, mend)];
  }
}

/** The name of an error, and what it says, in one line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node's failed connections have an empty message, and their reasons inside.
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error.cause;
  const inner = cause instanceof Error && cause.message !== error.message ? ` (${cause.message})` : "";
  return `${error.name}: ${error.message}${inner}`.replace(/\s+/g, " ");
}

function isDenied(error: unknown): boolean {
  return (
    error instanceof Error && /AccessDenied|UnauthorizedOperation|AuthorizationError|NotAuthorized/.test(error.name)
  );
}
