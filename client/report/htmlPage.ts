import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { escapeMarkup } from "../../contract/markup.js";

const STYLE = fileURLToPath(new URL("./page/style.css", import.meta.url));

/** The page loads nothing: what it shows cannot leave the reader's machine. */
const SECURITY_POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; form-action 'none'; base-uri 'none'";

const scripts = new Map<string, Promise<string>>();

/**
 * One HTML file that needs no network, with the style of a report.
 *
 * @param page its title, its body as HTML, and the file of its script, which is bundled
 */
export async function htmlPage(page: {
  readonly title: string;
  readonly body: string;
  readonly script: string;
}): Promise<string> {
  const script = scripts.get(page.script) ?? bundled(page.script);
  scripts.set(page.script, script);
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${SECURITY_POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeMarkup(page.title)}</title>`,
    `<style>${readFileSync(STYLE, "utf8")}</style>`,
    "</head>",
    "<body>",
    page.body,
    `<script>${await script}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    logLevel: "silent",
  });
  // The text of a script element ends at the first closing tag, also inside a string.
  return (outputFiles[0]?.text ?? "").replaceAll("</script", "<\\/script");
}
