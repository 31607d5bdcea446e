import { constantOffset } from "../../../contract/variants.js";

/** A position of a source, and the residue that it has there. */
export interface NumberedSite {
  readonly position: number;
  readonly residue: string;
}

/** Consecutive positions of a source that clearly fit the submitted sequence with one offset. */
export interface Segment {
  /** First and last position, in the source's numbering. */
  readonly first: number;
  readonly last: number;
  /** What to add to the source's positions; 0 where they are those of the sequence. */
  readonly offset: number;
}

/** Fewest consecutive sites that tell an offset: five fit by chance in one of three million cases. */
const FEWEST_SITES = 5;

/**
 * Finds where a source numbers a protein differently. All sites may have one offset, such as where the source counts from
 * another first residue; or the sites behind an exon that an isoform lacks have one.
 *
 * @returns nothing where the source numbers all sites as the sequence does, single differences aside; else all clear parts
 */
export function numberingSegments(sites: readonly NumberedSite[], sequence: string): readonly Segment[] {
  const ordered = [...new Map(sites.map((site) => [`${site.position}${site.residue}`, site])).values()].sort(
    (a, b) => a.position - b.position,
  );
  const [first] = ordered;
  const last = ordered.at(-1);
  if (first === undefined || last === undefined || ordered.every((site) => fits(site, 0, sequence))) return [];
  const variants = ordered.map(({ position, residue }) => ({ wildType: residue, position, mutant: residue }));
  const whole = ordered.length < FEWEST_SITES ? undefined : constantOffset(variants, sequence);
  // The offset of callers is what their numbering adds to the index.
  if (whole !== undefined) return [{ first: first.position, last: last.position, offset: -whole }];
  return runs(ordered, sequence);
}

function fits({ position, residue }: NumberedSite, offset: number, sequence: string): boolean {
  return sequence[position + offset - 1] === residue;
}

/** Cuts the sites into the longest runs of which all sites fit with one offset, and keeps those that are clear. */
function runs(sites: readonly NumberedSite[], sequence: string): Segment[] {
  const places = placesOf(sequence);
  const found: Segment[] = [];
  let taken = 0;
  for (let start = 0; start < sites.length;) {
    const { end, offsets } = runFrom(sites, start, sequence, places);
    const [offset = 0] = offsets;
    if (offsets.length === 1 && offset !== 0 && end - start >= FEWEST_SITES) {
      let first = start;
      // The last run may have begun with sites of this one that fitted it by chance.
      for (let before = sites[first - 1]; first > taken && before && fits(before, offset, sequence);) {
        first -= 1;
        before = sites[first - 1];
      }
      found.push({ first: sites[first]?.position ?? 0, last: sites[end - 1]?.position ?? 0, offset });
      taken = end;
    } else if (offsets.includes(0) && end - start >= FEWEST_SITES) {
      found.push({ first: sites[start]?.position ?? 0, last: sites[end - 1]?.position ?? 0, offset: 0 });
      taken = end;
    }
    start = end;
  }
  return found.some(({ offset }) => offset !== 0) ? found : [];
}

/** The longest run from a site on, and the offsets with which all its sites fit. */
function runFrom(
  sites: readonly NumberedSite[],
  start: number,
  sequence: string,
  places: ReadonlyMap<string, readonly number[]>,
): { readonly end: number; readonly offsets: readonly number[] } {
  const site = sites[start];
  let offsets = (places.get(site?.residue ?? "") ?? []).map((position) => position - (site?.position ?? 0));
  let end = start + 1;
  for (let next = sites[end]; next !== undefined; next = sites[end]) {
    const one = next;
    const left = offsets.filter((offset) => fits(one, offset, sequence));
    if (left.length === 0) break;
    offsets = left;
    end += 1;
  }
  return { end, offsets };
}

function placesOf(sequence: string): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (let index = 0; index < sequence.length; index += 1) {
    const residue = sequence.charAt(index);
    const positions = places.get(residue) ?? [];
    positions.push(index + 1);
    places.set(residue, positions);
  }
  return places;
}
