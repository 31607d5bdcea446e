import { hgvsLabel, toOneLetter, toThreeLetter } from "./aminoAcids.js";
import { InputError, listed, quoted } from "./errors.js";
import { MAX_NUMBERING_OFFSET } from "./limits.js";
import { plainSpaces } from "./whitespace.js";

/** One substitution, in the caller's numbering. */
export interface Site {
  readonly wildType: string;
  readonly position: number;
  readonly mutant: string;
}

/** A protein variant: one or more substitutions at distinct positions, in order of position. */
export type Variant = readonly Site[];

const SITE = /^\(?([A-Za-z]{3}|[A-Za-z])(-?\d{1,9})([A-Za-z]{3}|[A-Za-z]|=)\)?$/;

/** Kinds of variants that are not scored, and the notation of each. */
const REFUSED_KINDS: readonly (readonly [RegExp, string])[] = [
  [/fs/i, "a frameshift"],
  [/delins/i, "a deletion-insertion"],
  [/del|-\)?$/i, "a deletion"],
  [/ins/i, "an insertion"],
  [/dup/i, "a duplication"],
  [/ext/i, "an extension"],
  [/(ter|\*)\)?$/i, "a stop"],
];

/**
 * Parses one variant: `K10A`, `p.Lys10Ala`, or several substitutions joined with `;` (`K10A;L12V`,
 * `p.[Lys10Ala;Leu12Val]`).
 *
 * @returns its substitutions in order of position
 * @throws InputError `INVALID_VARIANT` if the text is not a set of substitutions at distinct positions
 * @see https://hgvs-nomenclature.org/stable/recommendations/protein/substitution/
 */
export function parseVariant(text: string): Variant {
  const body = plainSpaces(text)
    .trim()
    .replace(/^p\./, "")
    .replace(/^\[(.*)\]$/, "$1");
  const sites = body.split(";").map((part) => parseSite(part.trim().replace(/^p\./, ""), text));
  sites.sort((a, b) => a.position - b.position);
  const repeated = sites.find((site, index) => sites[index + 1]?.position === site.position);
  if (repeated) {
    throw new InputError(
      "INVALID_VARIANT",
      `Variant ${quoted(text)} names position ${repeated.position} more than once; give one substitution per position.`,
    );
  }
  return sites;
}

function parseSite(text: string, whole: string): Site {
  const match = SITE.exec(text);
  const wildType = toOneLetter(match?.[1] ?? "");
  const mutant = match?.[3] === "=" ? wildType : toOneLetter(match?.[3] ?? "");
  if (match && wildType !== undefined && mutant !== undefined) {
    return { wildType, position: Number(match[2]), mutant };
  }
  const kind = REFUSED_KINDS.find(([pattern]) => pattern.test(text))?.[1];
  throw new InputError(
    "INVALID_VARIANT",
    kind === undefined
      ? `Variant ${quoted(whole)} cannot be read; write substitutions of the 20 standard amino acids as K10A, p.Lys10Ala or K10A;L12V.`
      : `Variant ${quoted(whole)} is ${kind}; only substitutions such as K10A or p.Lys10Ala are scored.`,
  );
}

/** The canonical text of a variant: `K10A;L12V`. */
export function formatVariant(variant: Variant): string {
  return variant.map(({ wildType, position, mutant }) => `${wildType}${position}${mutant}`).join(";");
}

/** The HGVS label of a variant: `p.Lys10Ala`, or `p.[Lys10Ala;Leu12Val]` for several substitutions. */
export function variantLabel(variant: Variant): string {
  const labels = variant.map(({ wildType, position, mutant }) => hgvsLabel(wildType, position, mutant));
  return labels.length === 1 ? labels.join("") : `p.[${labels.map((label) => label.slice(2)).join(";")}]`;
}

/**
 * Checks that the wild-type residues of variants are the residues in the sequence.
 *
 * @param variants in the caller's numbering
 * @param sequence the protein's residues
 * @param offset number that the caller's numbering adds to the 1-based index
 * @throws InputError `WILD_TYPE_MISMATCH` with the residue found at each position. If exactly one constant offset fits
 *   three or more distinct sites, the error suggests it
 */
export function checkWildTypes(variants: readonly Variant[], sequence: string, offset: number): void {
  const sites = distinctSites(variants);
  const wrong = sites.filter((site) => sequence[site.position - offset - 1] !== site.wildType);
  if (wrong.length === 0) return;
  const found = listed(wrong.map((site) => describeMismatch(site, sequence, offset)));
  const suggested = constantOffset(sites, sequence);
  const fix =
    suggested === undefined
      ? "Check the numbering and the sequence."
      : `All ${sites.length} sites match with numbering_offset ${suggested}; send it if your numbering differs.`;
  throw new InputError("WILD_TYPE_MISMATCH", `${found}. ${fix}`, {
    details:
      suggested === undefined
        ? { mismatches: wrong.length }
        : { mismatches: wrong.length, numbering_offset: suggested },
  });
}

function distinctSites(variants: readonly Variant[]): Site[] {
  const seen = new Map(variants.flat().map((site) => [`${site.wildType}${site.position}`, site]));
  return [...seen.values()];
}

function describeMismatch({ wildType, position }: Site, sequence: string, offset: number): string {
  const found = sequence[position - offset - 1];
  const there =
    found === undefined
      ? `is outside the protein (${1 + offset} to ${sequence.length + offset})`
      : `is ${toThreeLetter(found)} (${found})`;
  return `position ${position} ${there}, not ${toThreeLetter(wildType)} (${wildType})`;
}

/**
 * The only offset with which three or more distinct sites all match the sequence; undefined if none or several do.
 *
 * @returns the number that the sites' numbering adds to the 1-based index
 */
export function constantOffset(sites: readonly Site[], sequence: string): number | undefined {
  if (sites.length < 3) return undefined;
  // Not `Math.max(...positions)`: a call has fewer arguments than a request can have sites.
  const positions = sites.map((site) => site.position).sort((a, b) => a - b);
  const [lowest = 0, highest = 0] = [positions[0], positions.at(-1)];
  const first = Math.max(highest - sequence.length, -MAX_NUMBERING_OFFSET);
  const last = Math.min(lowest - 1, MAX_NUMBERING_OFFSET);
  const fitting: number[] = [];
  for (let offset = first; offset <= last; offset++) {
    if (sites.every((site) => sequence[site.position - offset - 1] === site.wildType)) fitting.push(offset);
  }
  return fitting.length === 1 ? fitting[0] : undefined;
}
