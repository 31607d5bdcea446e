import type * as z from "zod";
import { isAccession } from "../../../contract/accession.js";
import { InputError, quoted } from "../../../contract/errors.js";
import { SOURCE_GROUPS } from "../../../contract/evidence.js";
import { formatVariant } from "../../../contract/variants.js";
import { workflowInput, type WorkflowRequest } from "../../../contract/workflow.js";
import { FaultList, readArguments } from "../../../contract/arguments.js";
import { readSubmission, readVariants } from "../../shared/submissionInput.js";

/** A checked request, and what its sender should know of it. */
export interface CheckedRequest {
  readonly request: WorkflowRequest;
  readonly notes: readonly string[];
}

/**
 * Checks the input of a workflow. Variants of a sequence are checked against it here, those of an accession or of regions
 * when the protein is known.
 *
 * @throws InputError with all faults of the input in `faults`
 */
export function readRequest(input: Readonly<Record<string, unknown>>): CheckedRequest {
  const faults = new FaultList();
  const given = readArguments(workflowInput, input, faults);
  const { regions, share_sequence: share = false, aligner = "clustalo", score = true, homologues } = given;
  const accession = given.accession?.trim().toUpperCase();
  faults.attempt("accession", () => {
    checkAccession(accession);
  });
  faults.attempt("sequence", () => {
    checkProtein(given.sequence, accession, regions);
  });
  const { sequence, name, notes = [], variants } = readProtein(given, faults);
  const known = accession !== undefined || share;
  if (given.sources !== undefined && given.sources.length > 0 && !known) faults.add("sources", NOTHING_TO_ASK);
  faults.throwIfAny();
  return {
    request: {
      ...(sequence !== undefined && { sequence }),
      ...(accession !== undefined && { accession }),
      ...(regions && { regions }),
      variants,
      sources: [...new Set(given.sources ?? (known ? SOURCE_GROUPS : []))],
      ...(homologues !== undefined && { homologues }),
      aligner,
      share_sequence: share,
      score,
      ...(name !== undefined && { name }),
    },
    notes,
  };
}

const NOTHING_TO_ASK = new InputError(
  "INVALID_INPUT",
  "sources need an accession to ask for, or share_sequence true: without it, a sequence is sent to nobody.",
);

function checkAccession(accession: string | undefined): void {
  if (accession === undefined || isAccession(accession)) return;
  throw new InputError("INVALID_INPUT", `${quoted(accession)} is not a UniProt accession such as P01308.`);
}

function checkProtein(sequence: unknown, accession: unknown, regions: unknown): void {
  if (sequence === undefined && accession === undefined && regions === undefined) {
    throw new InputError("INVALID_INPUT", "There is no protein: send sequence, accession or regions.");
  }
}

interface ReadProtein {
  readonly sequence?: string;
  readonly name?: string;
  readonly notes?: readonly string[];
  readonly variants: readonly string[];
}

/** The sequence with its variants, by the rules of the tools; without a sequence, the variants alone. */
function readProtein(
  { sequence, variants = [], name }: Partial<z.output<typeof workflowInput>>,
  faults: FaultList,
): ReadProtein {
  const none = variants.length === 0;
  if (sequence === undefined) {
    const read = none ? [] : readVariants(variants, faults).map(formatVariant);
    return { variants: [...new Set(read)], ...(name !== undefined && { name }) };
  }
  const submission = faults.attempt("sequence", () =>
    readSubmission({ sequence, ...(name !== undefined && { name }), ...(!none && { variants }) }),
  );
  if (submission === undefined) return { variants: [] };
  const { request, name: named, notes } = submission;
  return {
    sequence: request.sequence,
    variants: request.variants ?? [],
    ...(named !== undefined && { name: named }),
    ...(notes && { notes }),
  };
}
