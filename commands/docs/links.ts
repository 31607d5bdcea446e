import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

const CODE_BLOCK = /^(```+)[^]*?^\1/gm;
const LINK = /\]\(([^)\s]+)\)/g;
const HEADING = /^#{1,6} (.+)$/gm;
const OUTSIDE = /^[a-z][a-z+.-]*:/;

/**
 * The relative links of Markdown files that lead to no file, or to no heading of one.
 *
 * @param root folder to which the files' paths are relative
 * @returns a sentence for each, with its file
 */
export function brokenLinks(root: string, files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const links = [...textOf(path.join(root, file)).matchAll(LINK)].map(([, link = ""]) => link);
    return links.filter((link) => !OUTSIDE.test(link)).flatMap((link) => problemOf(root, file, link));
  });
}

function problemOf(root: string, file: string, link: string): string[] {
  const [target = "", anchor] = decodeURI(link).split("#");
  const found = target === "" ? path.join(root, file) : path.join(root, path.dirname(file), target);
  if (!existsSync(found)) return [`${file} links to ${link}, which does not exist.`];
  if (anchor === undefined || (statSync(found).isFile() && anchorsOf(found).has(anchor))) return [];
  return [`${file} links to ${link}, which has no such heading.`];
}

/** The anchors that GitHub gives to the headings of a file; the second of the same name ends in -1. */
function anchorsOf(file: string): Set<string> {
  const counts = new Map<string, number>();
  const headings = [...textOf(file).matchAll(HEADING)].map(([, heading = ""]) => heading.trim().toLowerCase());
  const anchors = headings.map((heading) => {
    const slug = heading.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
    const before = counts.get(slug) ?? 0;
    counts.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
  return new Set(anchors);
}

function textOf(file: string): string {
  return readFileSync(file, "utf8").replace(CODE_BLOCK, "");
}
