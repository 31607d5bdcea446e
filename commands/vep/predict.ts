import { writeFileSync } from "node:fs";
import { Listr, ListrLogger, ProcessOutput, type ListrTask } from "listr2";
import { resultFiles } from "../../client/files.js";
import { SIGN } from "../../client/score.js";
import { renderProteins, type ScoredProtein } from "../../client/terminal/proteinTable.js";
import { ranked, scoresOf } from "../../client/substitutions.js";
import type { FastaText } from "../../contract/fasta.js";
import type { Scoring } from "../../contract/jobs.js";
import type { VariantEffects } from "../../contract/result.js";
import { formatVariant } from "../../contract/variants.js";
import { withFix } from "../command.js";
import { prepareFolder } from "../demo/arguments.js";
import { printResult } from "../scoring/printResult.js";
import { scoredText, scoreProtein } from "../scoring/scoreProtein.js";
import { inCommands } from "./inCommands.js";
import { interruptedText, interruptible } from "./interrupt.js";
import { keptResult } from "./keptResult.js";
import { mixedModels } from "./mixedModels.js";
import { nameOf, proteinsOf } from "./proteins.js";
import { openTarget, type Target, type TargetOptions } from "./target.js";

/** Options of `vep predict`. */
export interface PredictOptions extends TargetOptions {
  readonly scoring: Scoring;
  /** Folder for the results. */
  readonly out: string;
  readonly tag?: string[];
  /** The model version that scores. Default: the active one. */
  readonly modelVersion?: string;
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
  const names = records.map(nameOf);
  const files = resultFiles(names, options.out);
  const works = records.map((record, index) => ({ record, name: names[index] ?? "", file: files[index] ?? "" }));
  const kept = new Map(works.map((work) => [work, keptResult(work, options)]));
  const missing = works.filter((work) => kept.get(work) === undefined);
  if (missing.length < works.length && !options.json) {
    console.error(
      `${works.length - missing.length} of ${works.length} proteins have a result in ${options.out}: kept.`,
    );
  }
  const ended = missing.length > 0 ? await scored(missing, options) : new Map<Work, Ended>();
  const all = works.map((work): Ended => {
    const result = kept.get(work);
    return result ? { work, result } : (ended.get(work) ?? { work, error: "was not scored" });
  });
  print(all, options.json);
  const mixed = mixedModels(all.flatMap(({ result }) => result ?? []));
  if (mixed !== undefined) console.error(mixed);
  return all.every(({ result }) => result) ? 0 : 1;
}

async function scored(works: readonly Work[], options: PredictOptions): Promise<Map<Work, Ended>> {
  const ended = new Map<Work, Ended>();
  const say = (message: string): void => {
    if (!options.json && process.stderr.isTTY) console.error(message);
  };
  const target = await openTarget(options, say);
  // Standard output is for the table.
  const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });
  const run = async (signal: AbortSignal): Promise<void> => {
    const tasks = works.map((work): ListrTask => ({
      title: work.name,
      task: async (_, task) => {
        const title = task.title;
        const end = await score(work, target, options, signal, (text) => (task.title = `${title}: ${text}`));
        ended.set(work, end);
        if (end.error !== undefined) throw new Error(`${title}: ${end.error}`);
      },
    }));
    await new Listr(tasks, {
      concurrent: options.atATime,
      exitOnError: false,
      // Its own handler ends the process before it is said how to come back.
      registerSignalListeners: false,
      rendererOptions: { logger },
      fallbackRendererOptions: { logger },
      silentRendererCondition: options.json === true,
    }).run();
    if (signal.aborted) console.error(interruptedText(target));
  };
  try {
    await interruptible(run);
    if (target.notice) console.error(`\n${target.notice}`);
  } finally {
    await target.close();
  }
  return ended;
}

async function score(
  work: Work,
  target: Target,
  { scoring, tag, modelVersion, allowDnaLetters }: PredictOptions,
  signal: AbortSignal,
  tell: (text: string) => void,
): Promise<Ended> {
  const { record, name, file } = work;
  const submission = {
    sequence: record.text,
    scoring,
    name,
    ...(tag && { tags: tag }),
    ...(modelVersion !== undefined && { model: modelVersion }),
    ...(allowDnaLetters && { allow_dna_letters: true }),
  };
  let id = "";
  try {
    const scored = await scoreProtein(target, submission, {
      signal,
      onProgress: ({ outputId, phase, elapsedSeconds, remainingSeconds }) => {
        id = outputId;
        const why = phase === "warming" ? ", an instance starts: this takes minutes" : "";
        const left =
          remainingSeconds >= 1 && phase !== "completed" ? `, about ${remainingSeconds.toFixed(0)} s left` : "";
        tell(`${phase}, ${elapsedSeconds.toFixed(0)} s${left}${why}`);
      },
    });
    writeFileSync(file, JSON.stringify(scored.result));
    tell(scoredText(scored));
    return { work, result: scored.result, notes: scored.notes };
  } catch (error) {
    if (signal.aborted) return { work, error: id === "" ? "not submitted" : `still running: vep get ${id}` };
    return { work, error: inCommands(error instanceof Error ? withFix(error) : String(error)) };
  }
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
  if (all.length > 1 && only) console.log(`\nllr ${SIGN}.`);
  if (proteins.some(({ result }) => result.model.weights === "synthetic"))
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
