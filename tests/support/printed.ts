/** What a command printed on standard output, and its exit code. */
export interface Printed {
  readonly code: number;
  readonly text: string;
}

/** Runs a command, and keeps what it prints. */
export async function printed(act: () => Promise<number> | undefined): Promise<Printed> {
  const { log } = console;
  const lines: string[] = [];
  console.log = (text: string) => void lines.push(text);
  try {
    return { code: (await act()) ?? 0, text: lines.join("\n") };
  } finally {
    console.log = log;
  }
}
