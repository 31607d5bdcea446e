import type { EvidenceRow } from "../../contract/evidence.js";
import type { EvidenceTable } from "../../contract/evidenceTable.js";
import { OWN_KINDS } from "../../contract/evidenceTable.js";
import { PROOF_SOURCES, type ProofProtein, type ProofSource } from "./proofProteins.js";
import { expectedRows, type ExpectedRow } from "./sourceAnswers.js";

/** What was found in the table of one protein. */
export interface Checked extends Counts {
  /** The first rows that no source gave, for people. */
  readonly examples: readonly string[];
}

/** Numbers that are summed over all proteins. */
export interface Counts {
  readonly rows: number;
  /** Rows of sources that no source gave. */
  readonly invented: number;
  /** Rows of sources that are missing. */
  readonly missing: number;
  /** Rows without one of the parts of their provenance. */
  readonly withoutProvenance: number;
  /** Sources, models and alignments that failed, and how many of them the table names with a reason. */
  readonly failures: number;
  readonly named: number;
  /** Rows that did not fit the sequence, and how many of them were refused. */
  readonly misfits: number;
  readonly refused: number;
}

const PROVENANCE = ["kind", "value", "source", "source_version", "retrieved_at", "url", "licence"] as const;

/** Compares a table with what its sources answered. */
export function checkTable(table: EvidenceTable, protein: ProofProtein): Checked {
  const ofSources = PROOF_SOURCES.map((source) => checkSource(source, table, protein));
  const total = (count: (one: SourceChecked) => number): number => ofSources.reduce((sum, one) => sum + count(one), 0);
  const llrs = table.rows.filter(({ kind }) => kind === OWN_KINDS.llr);
  const invented = [...ofSources.flatMap((one) => one.invented), ...(protein.modelFails ? llrs : [])];
  const modelNamed = table.scores.status === "failed" && (table.scores.reason ?? "") !== "" && llrs.length === 0;
  return {
    rows: table.rows.length,
    invented: invented.length,
    examples: invented.slice(0, 3).map((row) => JSON.stringify(row)),
    missing: total(({ missing }) => missing),
    withoutProvenance: table.rows.filter(isIncomplete).length,
    failures: total(({ failed }) => Number(failed)) + Number(protein.modelFails),
    named: total(({ failed, named }) => Number(failed && named)) + Number(protein.modelFails && modelNamed),
    misfits: protein.behaviours.uniprot === "answers" ? 1 : 0,
    refused: table.refused.length,
  };
}

interface SourceChecked {
  readonly invented: readonly EvidenceRow[];
  readonly missing: number;
  readonly failed: boolean;
  readonly named: boolean;
}

function checkSource(source: ProofSource, table: EvidenceTable, protein: ProofProtein): SourceChecked {
  const rows = table.rows.filter((row) => row.source === source);
  const answers = protein.behaviours[source] === "answers" && isAsked(source, protein);
  const expected = answers ? expectedRows(source, protein) : [];
  const left = [...expected];
  const invented: EvidenceRow[] = [];
  for (const row of rows) {
    const index = left.findIndex((one) => matches(row, one));
    if (index === -1) invented.push(row);
    else left.splice(index, 1);
  }
  const status = table.sources.find((one) => one.source === source);
  const named = status !== undefined && status.status !== "ok" && (status.reason ?? "") !== "";
  return { invented, missing: left.length, failed: !answers, named };
}

/** Sources that are asked by gene know nothing of a protein whose entry in UniProt was not found. */
function isAsked(source: ProofSource, { behaviours }: ProofProtein): boolean {
  return ["uniprot", "variation", "alphafold", "rcsb"].includes(source) || behaviours.uniprot === "answers";
}

function matches(row: EvidenceRow, { start, variant }: ExpectedRow): boolean {
  return row.start === start && row.variant === variant;
}

function isIncomplete(row: EvidenceRow): boolean {
  return PROVENANCE.some((part) => row[part] === "" || (row[part] as string | undefined) === undefined);
}
