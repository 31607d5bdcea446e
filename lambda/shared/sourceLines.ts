import { existsSync, readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";

/** A location in a stack trace: file, line and column (both 1-based). */
const LOCATION = /((?:file:\/\/)?\/[^\s:()]+\.js):(\d+):(\d+)/g;

const maps = new Map<string, SourceMap | undefined>();

/**
 * Translates the locations of a stack trace from the bundle to the source files, with the source map next to the bundle.
 * Node can do this for every error (`--enable-source-maps`), but then it reads the map at every cold start, which takes
 * a fifth of the cold start.
 *
 * @param stack the `stack` of an error
 * @returns the translated stack trace; locations without a source map are unchanged
 */
export function sourceLines(stack: string): string {
  return stack.replace(LOCATION, (location, file: string, line: string, column: string) => {
    const entry = mapOf(file.replace("file://", ""))?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !("originalSource" in entry)) return location;
    return `${entry.originalSource.replace(/^(\.\.\/)+/, "")}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) {
    const path = `${file}.map`;
    const payload = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as SourceMapPayload) : undefined;
    maps.set(file, payload && new SourceMap(payload));
  }
  return maps.get(file);
}
