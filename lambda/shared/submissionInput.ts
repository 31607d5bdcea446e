import { InputError, quoted } from "../../contract/errors.js";
import { MAX_NAME_LENGTH, MAX_TAG_LENGTH, MAX_TAGS, MAX_VARIANTS } from "../../contract/limits.js";
import { formatPositions, parsePositions } from "../../contract/positions.js";
import { cleanSequence, dnaSequence, looksLikeDna } from "../../contract/sequence.js";
import { invokeEndpointInput } from "../../contract/tools.js";
import { checkWildTypes, formatVariant, parseVariant, type Variant } from "../../contract/variants.js";
import { FaultList, readArguments } from "../../contract/arguments.js";
import type { Submission } from "./submitJob.js";

/** A submission, and what its sender should know of it: absent if there is nothing. */
export interface CheckedSubmission extends Submission {
  readonly notes?: readonly string[];
}

const TAKEN_AS_PROTEIN = "The sequence has only A, C, G, T or N; allow_dna_letters says that it is a protein, not DNA.";

/**
 * Checks the input of `invoke_endpoint`, and turns it into a canonical request: inputs that mean the same become equal
 * requests. Variants are sorted, without duplicates. `positions` of the whole protein, `joint` without multiple mutants
 * and an offset of 0 change nothing and are left out.
 *
 * @throws InputError with all faults of the input in `faults`
 */
export function readSubmission(input: Readonly<Record<string, unknown>>): CheckedSubmission {
  const faults = new FaultList();
  const given = readArguments(invokeEndpointInput, input, faults);
  const { scoring = "masked-marginals", joint = false, numbering_offset: offset = 0, positions: positionText } = given;
  const text = given.sequence;
  const protein = text === undefined ? undefined : faults.attempt("sequence", () => cleanSequence(text));
  const variants = given.variants === undefined ? [] : readVariants(given.variants, faults);
  const sequence = protein?.sequence ?? "";
  const isDna = looksLikeDna(sequence);
  if (isDna && given.allow_dna_letters !== true) faults.add("sequence", dnaSequence(sequence));
  if (protein)
    faults.attempt("variants", () => {
      checkWildTypes(variants, sequence, offset);
    });
  const positions =
    protein && positionText !== undefined
      ? faults.attempt("positions", () => canonicalPositions(positionText, sequence.length, offset))
      : undefined;
  if (joint && scoring === "wt-marginals") {
    faults.add(
      "joint",
      new InputError(
        "INVALID_INPUT",
        "joint masks sites together, but wt-marginals masks no sites; send only one of the two.",
      ),
    );
  }
  const tags = readTags(given.tags ?? [], faults);
  const ownName = given.name === undefined ? "" : readName(given.name, faults);
  faults.throwIfAny();
  const notes = [...(protein?.notes ?? []), ...(isDna ? [TAKEN_AS_PROTEIN] : [])];
  const name = ownName === "" ? protein?.name && firstCharacters(protein.name, MAX_NAME_LENGTH) : ownName;
  return {
    request: {
      sequence,
      scoring,
      ...(variants.length > 0 && { variants: canonicalVariants(variants) }),
      ...(positions !== undefined && { positions }),
      ...(joint && variants.some((variant) => variant.length > 1) && { joint }),
      ...(offset !== 0 && { numbering_offset: offset }),
    },
    ...(name !== undefined && { name }),
    tags,
    ...(given.model !== undefined && given.model.trim() !== "" && { model: given.model.trim() }),
    ...(notes.length > 0 && { notes }),
  };
}

// eslint-disable-next-line no-control-regex -- a terminal must not interpret them
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Half of a character outside the basic plane: UTF-8 cannot represent it, and DynamoDB refuses it. */
const HALF = /\p{Surrogate}/u;

/** The first characters of a text, none of them halved. */
export function firstCharacters(text: string, most: number): string {
  return text.slice(0, most).replace(HALF, "");
}

/** Reads the name of a submission: without white space around it. */
function readName(given: string, faults: FaultList): string {
  const name = given.trim();
  const found = CONTROL.test(name)
    ? "a control character, such as a line break"
    : HALF.test(name) && "half of a character";
  if (found === false) return name;
  faults.add(
    "name",
    new InputError("INVALID_INPUT", `name has ${found}; send plain text in one line, or leave it out.`),
  );
  return "";
}

/** Reads tags: without white space around them, sorted, without duplicates. */
export function readTags(given: readonly string[], faults: FaultList): string[] {
  const tags = [...new Set(given.map((tag) => tag.trim()))].sort();
  const unsuitable = tags.find(
    (tag) => tag === "" || tag.length > MAX_TAG_LENGTH || CONTROL.test(tag) || HALF.test(tag),
  );
  if (unsuitable !== undefined || tags.length > MAX_TAGS) {
    const found = unsuitable === undefined ? `There are ${tags.length} tags` : `${quoted(unsuitable)} is not a tag`;
    faults.add(
      "tags",
      new InputError(
        "INVALID_TAG",
        `${found}; send at most ${MAX_TAGS}, each of 1 to ${MAX_TAG_LENGTH} characters without control characters.`,
      ),
    );
    return [];
  }
  return tags;
}

/** Reads variants, as a list or a text. */
export function readVariants(given: string | readonly string[], faults: FaultList): Variant[] {
  const texts = (typeof given === "string" ? splitVariants(given) : given).map((text) => text.trim());
  const named = texts.filter((text) => text !== "");
  if (named.length === 0 || named.length > MAX_VARIANTS) {
    const found = named.length === 0 ? "no variant" : `${named.length} variants`;
    faults.add(
      "variants",
      new InputError("INVALID_VARIANT", `variants has ${found}; send 1 to ${MAX_VARIANTS}, or leave it out.`),
    );
    return [];
  }
  return named.flatMap((text) => {
    const variant = faults.attempt("variants", () => parseVariant(text));
    return variant === undefined ? [] : [variant];
  });
}

/** Splits at commas and white space, as the model container does; white space around `;` is part of a variant. */
function splitVariants(text: string): string[] {
  // Not a regular expression such as /\s*;\s*/: it takes quadratic time for long white space.
  const joined = text
    .split(";")
    .map((part) => part.trim())
    .join(";");
  return joined.split(/[,\s]+/);
}

function canonicalVariants(variants: readonly Variant[]): string[] {
  const byText = new Map(variants.map((variant) => [formatVariant(variant), variant]));
  const first = (variant: Variant): number => variant[0]?.position ?? 0;
  return [...byText]
    .sort(([textA, a], [textB, b]) => first(a) - first(b) || (textA < textB ? -1 : 1))
    .map(([text]) => text);
}

function canonicalPositions(text: string, length: number, offset: number): string | undefined {
  const ranges = parsePositions(text, length, offset);
  const covered = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  return covered === length ? undefined : formatPositions(ranges);
}
