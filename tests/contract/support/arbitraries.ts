import fc from "fast-check";
import { AMINO_ACIDS, THREE_LETTER } from "../../../contract/aminoAcids.js";
import type { Site } from "../../../contract/variants.js";

const residue = fc.constantFrom(...Array.from(AMINO_ACIDS));

/** A protein of 1 to 120 residues. */
export const protein = fc.array(residue, { minLength: 1, maxLength: 120 }).map((residues) => residues.join(""));

/** A protein with line breaks, in mixed case, with or without a FASTA header. */
export function pasted(sequence: string): fc.Arbitrary<string> {
  const gap = fc.constantFrom("", "", "", " ", "\n", "\r\n", "\t");
  const header = fc.constantFrom("", ">P12345 some protein\n", "\ufeff> a b\r\n", "\n\n");
  const lower = fc.array(fc.boolean(), { minLength: sequence.length, maxLength: sequence.length });
  const gaps = fc.array(gap, { minLength: sequence.length, maxLength: sequence.length });
  return fc.tuple(header, lower, gaps).map(
    ([start, isLower, between]) =>
      start +
      Array.from(sequence, (letter, index) => {
        const cased = isLower[index] === true ? letter.toLowerCase() : letter;
        return cased + (between[index] ?? "");
      }).join(""),
  );
}

/** Substitutions at distinct positions of a protein, in the numbering of an offset. */
export function sitesOf(sequence: string, offset: number, most = 4): fc.Arbitrary<Site[]> {
  const column = fc.nat({ max: sequence.length - 1 });
  const site = fc.record({ column, mutant: residue });
  return fc.uniqueArray(site, { minLength: 1, maxLength: most, selector: (chosen) => chosen.column }).map((chosen) =>
    chosen.map(({ column: at, mutant }) => ({
      wildType: sequence.charAt(at),
      position: at + 1 + offset,
      mutant,
    })),
  );
}

/** A variant in one of its notations. */
export function written(sites: readonly Site[]): fc.Arbitrary<string> {
  const short = ({ wildType, position, mutant }: Site): string => `${wildType}${position}${mutant}`;
  const long = ({ wildType, position, mutant }: Site): string =>
    `${THREE_LETTER[wildType] ?? ""}${position}${wildType === mutant ? "=" : (THREE_LETTER[mutant] ?? "")}`;
  return fc
    .shuffledSubarray([...sites], { minLength: sites.length })
    .chain((order) =>
      fc.constantFrom(
        order.map(short).join(";"),
        order.map((site) => short(site).toLowerCase()).join(" ; "),
        order.map((site) => `p.${long(site)}`).join(";"),
        order.map((site) => `p.(${long(site)})`).join(";"),
        `p.[${order.map(long).join(";")}]`,
      ),
    );
}
