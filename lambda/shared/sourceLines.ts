import { existsSync, readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";

/** A place in a stack: file, line and column, both from 1. */
const PLACE = /((?:file:\/\/)?\/[^\s:()]+\.js):(\d+):(\d+)/g;

const maps = new Map<string, SourceMap | undefined>();

/**
 * Translates the places of a stack from the bundle to the sources, by the source map beside the bundle. Node could do
 * it for every error (`--enable-source-maps`), but then reads the map at every cold start, which costs a fifth of it.
 *
 * @param stack as an error has it
 * @returns the same stack; places without a map stay as they are
 */
export function sourceLines(stack: string): string {
  return stack.replace(PLACE, (place, file: string, line: string, column: string) => {
    const entry = mapOf(file.replace("file://", ""))?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!entry || !("originalSource" in entry)) return place;
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
