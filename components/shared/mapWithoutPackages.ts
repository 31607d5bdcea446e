import { decode, encode, type SourceMapSegment } from "@jridgewell/sourcemap-codec";

interface SourceMap {
  readonly sources: readonly string[];
  readonly mappings: string;
}

/**
 * Shortens a source map to a tenth: it names only the file for code of packages, without its lines, and no names of
 * variables. Pulumi keeps the map in the state of the stack, twice for each function.
 *
 * @param text source map in JSON, as esbuild writes it (https://tc39.es/ecma426/)
 */
export function mapWithoutPackages(text: string): string {
  const map = JSON.parse(text) as SourceMap;
  const isPackage = map.sources.map((source) => /(^|\/)node_modules\//.test(source));
  let last: number | undefined;
  const shorten = (segment: SourceMapSegment): SourceMapSegment[] => {
    const before = last;
    last = segment[1];
    if (segment.length === 1) return [segment];
    const [column, source, line, sourceColumn] = segment;
    if (!isPackage[source]) return [[column, source, line, sourceColumn]];
    return source === before ? [] : [[column, source, 0, 0]];
  };
  const mappings = encode(decode(map.mappings).map((line) => line.flatMap(shorten)));
  return JSON.stringify({ ...map, names: [], mappings });
}
