import { existsSync } from "node:fs";
import { after, before, describe, type Suite } from "mocha";
import { chromium, type Browser, type Page } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Keeps a browser from calling its maker, and from a sandbox that containers do not have. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Opens a page in the browser of the suite. */
export type OpenPage = (options?: Parameters<Browser["newPage"]>[0]) => Promise<Page>;

const executable = process.env["CHROMIUM"] ?? PLACES.find(existsSync);
if (executable === undefined) {
  console.log(
    "Tests in a browser: skipped, because Chromium is not installed. On Debian: apt-get install chromium; elsewhere, set CHROMIUM to its path.",
  );
}

/** A suite that needs headless Chromium; skipped where there is none, with one line in the output. */
export function describeBrowser(title: string, body: (this: Suite, open: OpenPage) => void): void {
  if (executable === undefined) {
    describe.skip(title, () => undefined);
    return;
  }
  describe(title, function () {
    let browser: Browser | undefined;
    before(async () => {
      browser = await chromium.launch({ executablePath: executable, args: FLAGS });
    });
    after(() => browser?.close());
    body.call(this, (options) => {
      if (!browser) throw new Error("The browser has not started.");
      return browser.newPage(options);
    });
  });
}
