import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { readAssay, type Assay } from "../../client/assay.js";
import { spearman, type PairedScores } from "../../client/statistics.js";
import { llrOf, scoresOf } from "../../client/substitutions.js";
import type { VariantEffects } from "../../contract/result.js";
import { checkWildTypes } from "../../contract/variants.js";
import { UsageError } from "../command.js";
import { scoreProtein, type Scorer } from "../scoring/scoreProtein.js";
import { proteinsOf } from "../vep/proteins.js";

/** A deep mutational scan, and its protein. */
export interface NamedAssay {
  /** Name of the file. */
  readonly name: string;
  readonly assay: Assay;
  readonly sequence: string;
}

/** An assay with the result of its protein by one version. */
export interface ScoredAssay extends NamedAssay {
  readonly result: VariantEffects;
}

/**
 * Reads assays in the columns of ProteinGym or MaveDB.
 *
 * @param files of the assays
 * @param proteins of the assays that do not have theirs, in the order of the files
 * @throws UsageError where a file does not exist or an assay has no protein
 */
export async function readAssays(files: readonly string[], proteins: readonly string[]): Promise<NamedAssay[]> {
  const left = [...proteins];
  const read: NamedAssay[] = [];
  for (const file of files) {
    if (!existsSync(file)) throw new UsageError(`there is no file '${file}'.`);
    const assay = readAssay(readFileSync(file, "utf8"));
    const sequence = assay.sequence ?? (await sequenceOf(left.shift(), file));
    read.push({ name: path.basename(file, path.extname(file)), assay, sequence });
  }
  if (left.length > 0) throw new UsageError("option '--protein' was given more often than assays need it.");
  return read;
}

async function sequenceOf(protein: string | undefined, file: string): Promise<string> {
  if (protein === undefined) {
    throw new UsageError(`the assay '${file}' has no column mutated_sequence: name its protein with --protein.`);
  }
  const [record, ...others] = await proteinsOf([protein]);
  if (record === undefined || others.length > 0) throw new UsageError(`'${protein}' is not one protein.`);
  return record.text;
}

/** Scores the protein of an assay by one version. */
export async function scoreAssay(assay: NamedAssay, model: string, scorer: Scorer): Promise<ScoredAssay> {
  const { result } = await scoreProtein(scorer, { sequence: assay.sequence, model });
  checkWildTypes(
    assay.assay.measured.map(({ variant }) => variant),
    result.sequence,
    result.numbering_offset,
  );
  return { ...assay, result };
}

/** Spearman's correlation of the scores of an assay with its measurements, and how many variants it is of. */
export function spearmanOf({ assay, result }: ScoredAssay): {
  readonly spearman: number | null;
  readonly variants: number;
} {
  const scores = scoresOf(result);
  const pairs = assay.measured.flatMap(({ variant, score }) => {
    const llr = llrOf(scores, variant);
    return llr === null ? [] : [{ llr, score }];
  });
  return {
    spearman: spearman(
      pairs.map(({ llr }) => llr),
      pairs.map(({ score }) => score),
    ),
    variants: pairs.length,
  };
}

/** The variants of an assay that both versions scored. */
export function pairedScores(a: ScoredAssay, b: ScoredAssay): PairedScores {
  const [scoresA, scoresB] = [scoresOf(a.result), scoresOf(b.result)];
  const both = a.assay.measured.flatMap(({ variant, score }) => {
    const [one, other] = [llrOf(scoresA, variant), llrOf(scoresB, variant)];
    return one === null || other === null ? [] : [{ score, one, other }];
  });
  return {
    measured: both.map(({ score }) => score),
    a: both.map(({ one }) => one),
    b: both.map(({ other }) => other),
  };
}
