import { InputError, quoted } from "../../contract/errors.js";
import {
  cancelJobInput,
  getResultsInput,
  listJobsInput,
  type GetResultsInput,
  type ListJobsInput,
} from "../../contract/tools.js";
import type { Variant } from "../../contract/variants.js";
import { FaultList, readArguments } from "../../contract/arguments.js";
import { readTags, readVariants } from "../shared/submissionInput.js";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Arguments = Readonly<Record<string, unknown>>;

/** The checked input of `get_results`. */
export type ResultsQuery = Omit<GetResultsInput, "variants"> & { readonly variants?: readonly Variant[] };

/**
 * Checks the input of `get_results`, except positions and wild types: these need the result of the job.
 *
 * @throws InputError with all faults of the input in `faults`
 */
export function readQuery(input: Arguments): ResultsQuery {
  const faults = new FaultList();
  const given = readArguments(getResultsInput, input, faults);
  const id = given.output_id;
  const outputId = id === undefined ? undefined : faults.attempt("output_id", () => readUuid(id, "an output_id"));
  const ownId = given.submission_id;
  const submissionId =
    ownId === undefined ? undefined : faults.attempt("submission_id", () => readUuid(ownId, "a submission_id"));
  const variants = given.variants === undefined ? undefined : readVariants(given.variants, faults);
  faults.throwIfAny();
  const { detail, positions, top = 10 } = given;
  return {
    output_id: outputId ?? "",
    top,
    ...(submissionId !== undefined && { submission_id: submissionId }),
    ...(detail !== undefined && { detail }),
    ...(positions !== undefined && { positions }),
    ...(variants !== undefined && { variants }),
  };
}

/**
 * Checks the input of `cancel_job`.
 *
 * @returns the id of the job
 * @throws InputError with all faults of the input in `faults`
 */
export function readJobId(input: Arguments): string {
  const faults = new FaultList();
  const { output_id: id } = readArguments(cancelJobInput, input, faults);
  const outputId = id === undefined ? undefined : faults.attempt("output_id", () => readUuid(id, "an output_id"));
  faults.throwIfAny();
  return outputId ?? "";
}

/** The checked input of `list_jobs`. */
export type Listing = ListJobsInput;

/**
 * Checks the input of `list_jobs`, except its token.
 *
 * @throws InputError with all faults of the input in `faults`
 */
export function readListing(input: Arguments): Listing {
  const faults = new FaultList();
  const { limit = 20, tag: given, ...listing } = readArguments(listJobsInput, input, faults);
  const [tag] = given === undefined ? [] : readTags([given], faults);
  faults.throwIfAny();
  return { ...listing, limit, ...(tag !== undefined && { tag }) };
}

function readUuid(text: string, what: string): string {
  const id = text.trim().toLowerCase();
  if (UUID.test(id)) return id;
  throw new InputError(
    "INVALID_OUTPUT_ID",
    `${quoted(text)} is not ${what}; send the UUID from the answer of invoke_endpoint.`,
  );
}
