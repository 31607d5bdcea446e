import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { InputError, ToolError } from "../../../contract/errors.js";
import { splitFasta } from "../../../contract/fasta.js";
import { HIDDEN } from "../../shared/redaction.js";
import { checkedRows, formatClustal, parseClustal } from "./clustal.js";
import type { AlignedRow } from "./columns.js";

/** The aligners. Each is a program of its own, because their licences are not that of this one. */
export const ALIGNERS = ["clustalo", "mafft"] as const;
export type Aligner = (typeof ALIGNERS)[number];

/** A sequence without gaps. */
export interface Sequence {
  readonly name: string;
  readonly sequence: string;
}

/** An alignment, as text in Clustal's format and as rows. */
export interface Alignment {
  readonly text: string;
  readonly rows: readonly AlignedRow[];
  /** What aligned, such as `clustalo`; `none` for one sequence. */
  readonly aligner: Aligner | "none";
}

/** The packages of the aligners, by package manager. */
const PACKAGES: Readonly<Record<Aligner, { readonly apt: string; readonly brew: string }>> = {
  clustalo: { apt: "clustalo", brew: "brewsci/bio/clustal-omega" },
  mafft: { apt: "mafft", brew: "mafft" },
};

/** The command that installs an aligner on this system. */
export function installCommand(aligner: Aligner, platform: NodeJS.Platform = process.platform): string {
  const { apt, brew } = PACKAGES[aligner];
  return platform === "darwin" ? `brew install ${brew}` : `sudo apt-get install -y ${apt}`;
}

/** Longest part of what an aligner writes to its error output that a message repeats, in characters. */
const REPEATED = 300;

/**
 * Aligns sequences. One sequence is its own alignment: aligners refuse it.
 *
 * @param timeoutMs longest time, in milliseconds
 * @throws InputError `ALIGNMENT_FAILED` without sequences, or if the aligner fails or takes too long; ToolError
 *   `ALIGNER_MISSING` with the command that installs it
 */
export async function align(sequences: readonly Sequence[], aligner: Aligner, timeoutMs: number): Promise<Alignment> {
  const [only] = sequences;
  if (only === undefined) throw new InputError("ALIGNMENT_FAILED", "There is no sequence to align.");
  if (sequences.length === 1) {
    const rows = [{ name: only.name, aligned: only.sequence }];
    return { text: formatClustal(rows, "multiple sequence alignment of one sequence"), rows, aligner: "none" };
  }
  const folder = await mkdtemp(path.join(os.tmpdir(), "alignment-"));
  try {
    const input = path.join(folder, "alignment-input.fa");
    await writeFile(input, sequences.map(({ name, sequence }) => `>${name}\n${sequence}\n`).join(""));
    return await RUN[aligner](input, path.join(folder, "alignment-output.aln"), timeoutMs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const RUN: Readonly<Record<Aligner, (input: string, output: string, timeoutMs: number) => Promise<Alignment>>> = {
  clustalo: async (input, output, timeoutMs) => {
    const options = ["-i", input, "--seqtype=Protein", "--outfmt=clustal", "--resno", "-o", output];
    await run("clustalo", options, timeoutMs);
    const text = await readFile(output, "utf8");
    return { text, rows: parseClustal(text), aligner: "clustalo" };
  },
  mafft: async (input, _output, timeoutMs) => {
    // Its own Clustal format shortens names.
    const fasta = await run("mafft", ["--auto", "--amino", "--anysymbol", "--quiet", input], timeoutMs);
    const rows = checkedRows(
      splitFasta(fasta).map(({ name = "", text }) => ({
        name,
        aligned: text.slice(text.indexOf("\n") + 1).replaceAll(/\s/g, ""),
      })),
    );
    return { text: formatClustal(rows, "multiple sequence alignment by MAFFT"), rows, aligner: "mafft" };
  },
};

/** Runs a program to its end. @returns its output */
function run(program: Aligner, options: readonly string[], timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    // A group of its own: MAFFT is a script, and to end it alone would leave the programs that it has started.
    const child = spawn(program, options, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    const release = endedWith(() => {
      if (child.pid !== undefined) endGroup(child.pid);
    }, timeoutMs);
    const texts = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (texts.stdout += text));
    child.stderr
      .setEncoding("utf8")
      .on("data", (text: string) => (texts.stderr = (texts.stderr + text).slice(-REPEATED)));
    child.on("error", (error: NodeJS.ErrnoException) => {
      release();
      reject(error.code === "ENOENT" ? missing(program) : error);
    });
    child.on("close", (code, signal) => {
      release();
      if (code === 0) resolve(texts.stdout);
      else reject(failed(program, code, signal, timeoutMs, texts.stderr));
    });
  });
}

/** Ends a group of processes after a time, and when this process is interrupted. @returns what stops that */
function endedWith(end: () => void, timeoutMs: number): () => void {
  const timer = setTimeout(end, timeoutMs);
  const interrupted = (signal: NodeJS.Signals): void => {
    end();
    process.kill(process.pid, signal);
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, interrupted);
  return () => {
    clearTimeout(timer);
    for (const signal of signals) process.off(signal, interrupted);
  };
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function missing(aligner: Aligner): ToolError {
  return new ToolError(
    "ALIGNER_MISSING",
    `${aligner} is not installed; install it with \`${installCommand(aligner)}\`, or choose another aligner: ${ALIGNERS.join(", ")}.`,
  );
}

function failed(
  aligner: Aligner,
  code: number | null,
  signal: NodeJS.Signals | null,
  timeoutMs: number,
  stderr: string,
): InputError {
  if (signal === "SIGKILL") {
    return new InputError(
      "ALIGNMENT_FAILED",
      `${aligner} did not end in ${Math.round(timeoutMs / 1000)} s, or had too little memory; align fewer or shorter sequences.`,
      { details: { too_large: true } },
    );
  }
  return new InputError("ALIGNMENT_FAILED", `${aligner} ended with code ${code ?? signal}: ${firstLine(stderr)}`);
}

/** The last line that an aligner wrote, without anything that could be a sequence. */
function firstLine(text: string): string {
  const line = text.trim().split("\n").at(-1) ?? "";
  return line.replace(/[A-Za-z-]{30,}|[ACDEFGHIKLMNPQRSTVWXY-]{12,}/gi, HIDDEN);
}
