import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Listr, type ListrTask } from "listr2";
import { resultFiles } from "../../client/files.js";
import { renderProteins, type ScoredProtein } from "../../client/terminal/proteinTable.js";
import { ranked, scoresOf } from "../../client/substitutions.js";
import type { FastaText } from "../../contract/fasta.js";
import type { Scoring } from "../../contract/jobs.js";
import { variantEffects, type VariantEffects } from "../../contract/result.js";
import { cleanSequence } from "../../contract/sequence.js";
import { formatVariant } from "../../contract/variants.js";
import { prepareFolder } from "../demo/arguments.js";
import { printResult } from "../scoring/printResult.js";
import { scoredText, scoreProtein } from "../scoring/scoreProtein.js";
import { proteinsOf } from "./proteins.js";
import { openTarget, type Target, type TargetOptions } from "./target.js";

/** Options of `vep predict`. */
export interface PredictOptions extends TargetOptions {
  readonly scoring: Scoring;
  /** Folder for the results. */
  readonly out: string;
  readonly tag?: string[];
  /** Whether sequences that look like DNA are proteins. */
  readonly allowDnaLetters?: boolean;
  /** Proteins in work at a time. */
  readonly atATime: number;
  readonly json?: boolean;
}

interface Work {
  readonly record: FastaText;
  readonly name: string;
  readonly file: string;
}

/** What became of a protein: a result, or the reason why there is none. */
interface Ended {
  readonly work: Work;
  readonly result?: VariantEffects;
  /** What was changed in its sequence. */
  readonly notes?: readonly string[];
  readonly error?: string;
}

/** Best, and worst, variants of a protein in JSON. */
const IN_JSON = 3;

/**
 * Scores proteins and writes one file for each. A file of an earlier run with the same protein and scoring is kept.
 *
 * @returns the exit code: 0 only when every protein has a result
 */
export async function predictProteins(texts: readonly string[], options: PredictOptions): Promise<number> {
  const records = await proteinsOf(texts, options.allowDnaLetters);
  prepareFolder(options.out);
  const names = records.map(({ name }, index) => name ?? `protein-${index + 1}`);
  const files = resultFiles(names, options.out);
  const works = records.map((record, index) => ({ record, name: names[index] ?? "", file: files[index] ?? "" }));
  const kept = new Map(works.map((work) => [work, keptResult(work, options.scoring)]));
  const missing = works.filter((work) => kept.get(work) === undefined);
  const ended = missing.length > 0 ? await scored(missing, options) : new Map<Work, Ended>();
  const all = works.map((work): Ended => {
    const result = kept.get(work);
    return result ? { work, result } : (ended.get(work) ?? { work, error: "was not scored" });
  });
  print(all, options.json);
  return all.every(({ result }) => result) ? 0 : 1;
}

/** The result of an earlier run, if it answers the same question. */
function keptResult({ record, file }: Work, scoring: Scoring): VariantEffects | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const result = variantEffects.parse(JSON.parse(readFileSync(file, "utf8")));
    return result.sequence === cleanSequence(record.text).sequence && result.scoring === scoring ? result : undefined;
  } catch {
    // Half a file of a run that was killed, or a file of something else.
    return undefined;
  }
}

async function scored(works: readonly Work[], options: PredictOptions): Promise<Map<Work, Ended>> {
  const ended = new Map<Work, Ended>();
  const say = (message: string): void => {
    if (!options.json && process.stderr.isTTY) console.error(message);
  };
  const target = await openTarget(options, say);
  const interrupt = new AbortController();
  const stopWaiting = (): void => {
    interrupt.abort(new Error("interrupted"));
  };
  process.once("SIGINT", stopWaiting);
  try {
    const tasks = works.map((work): ListrTask => ({
      title: work.name,
      task: async (_, task) => {
        const title = task.title;
        const end = await score(work, target, options, interrupt.signal, (text) => (task.title = `${title}: ${text}`));
        ended.set(work, end);
        if (end.error !== undefined) throw new Error(`${title}: ${end.error}`);
      },
    }));
    await new Listr(tasks, {
      concurrent: options.atATime,
      exitOnError: false,
      ...(options.json ? { renderer: "silent" as const } : {}),
    }).run();
    if (interrupt.signal.aborted) explainInterrupt(target);
    if (target.notice) console.error(`\n${target.notice}`);
  } finally {
    process.off("SIGINT", stopWaiting);
    await target.close();
  }
  return ended;
}

async function score(
  work: Work,
  target: Target,
  { scoring, tag, allowDnaLetters }: PredictOptions,
  signal: AbortSignal,
  tell: (text: string) => void,
): Promise<Ended> {
  const { record, name, file } = work;
  const submission = {
    sequence: record.text,
    scoring,
    name,
    ...(tag && { tags: tag }),
    ...(allowDnaLetters && { allow_dna_letters: true }),
  };
  let id = "";
  try {
    const scored = await scoreProtein(target, submission, {
      signal,
      onProgress: ({ outputId, phase, elapsedSeconds }) => {
        id = outputId;
        const why = phase === "warming" ? ", an instance starts: this takes minutes" : "";
        tell(`${phase}, ${elapsedSeconds.toFixed(0)} s${why}`);
      },
    });
    writeFileSync(file, JSON.stringify(scored.result));
    tell(scoredText(scored));
    return { work, result: scored.result, notes: scored.notes };
  } catch (error) {
    if (signal.aborted) return { work, error: id === "" ? "not submitted" : `still running: vep get ${id}` };
    return { work, error: error instanceof Error ? error.message : String(error) };
  }
}

function explainInterrupt({ ownTwin }: Target): void {
  console.error(
    ownTwin
      ? "Interrupted: the jobs end with the twin of this command. Results that are written are kept."
      : "Interrupted: submitted jobs go on. The same command continues where this one stopped; vep get ID shows one job.",
  );
}

function print(all: readonly Ended[], json = false): void {
  if (json) {
    console.log(JSON.stringify({ proteins: all.map(asJson) }));
    return;
  }
  const proteins = all.flatMap(({ work: { name, file }, result }): ScoredProtein[] =>
    result ? [{ name, result, file }] : [],
  );
  const [only] = proteins;
  if (only && all.length === 1) printResult(only.result);
  if (only) console.log(renderProteins(proteins));
  if (only?.result.model.weights === "synthetic")
    console.log("\nSynthetic weights: the scores say nothing about these proteins.");
  const failed = all.filter(({ result }) => !result);
  for (const { work, error } of failed) console.error(`${work.name}: ${error ?? ""}`);
}

function asJson({ work: { name, file }, result, notes = [], error }: Ended): object {
  if (!result) return { name, error };
  const all = ranked(scoresOf(result)).map((one) => ({ variant: formatVariant([one]), llr: one.llr }));
  return {
    name,
    file,
    sequence_length: result.sequence_length,
    weights: result.model.weights,
    ...(notes.length > 0 && { notes }),
    best: all.slice(0, IN_JSON),
    worst: all.slice(-IN_JSON).toReversed(),
  };
}
