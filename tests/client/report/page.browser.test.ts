import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type axe from "axe-core";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { colourOf, scaleBound } from "../../../client/colours.js";
import { renderReport } from "../../../client/report/renderReport.js";
import type { ReportData } from "../../../client/report/reportData.js";
import { rowsBy } from "../../../client/report/rows.js";
import { substitutionAt } from "../../../client/substitutions.js";
import { describeBrowser } from "../../support/browser.js";
import { reportOf } from "../../support/report.js";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Sizes of the page, see client/report/page/geometry.ts. */
const [LABELS, RULER, ROW] = [22, 34, 15];

describeBrowser("the page of a report", (open) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "amplify-vep-report-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  let page: Page;
  let data: ReportData;
  const problems: string[] = [];

  async function show(length: number, options: Parameters<typeof open>[0] = {}, name?: string): Promise<void> {
    data = reportOf(length, name);
    const file = path.join(folder, `${length}.html`);
    writeFileSync(file, await renderReport(data));
    page = await open({ viewport: { width: 1200, height: 1000 }, ...options });
    problems.length = 0;
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => {
      if (!/^(file|blob|data):/.test(request.url())) problems.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    await page.evaluate(nextFrame);
  }

  afterEach(async () => {
    expect(problems).to.deep.equal([]);
    await page.close();
  });

  /** Centre of a cell in the canvas while the whole protein is in sight, in CSS pixels. */
  async function centre(row: number, column: number): Promise<{ x: number; y: number }> {
    const box = await page.locator("#heatmap").boundingBox();
    const width = (box?.width ?? 0) - LABELS;
    const line = rowsBy("property").indexOf(row);
    return {
      x: LABELS + ((column + 0.5) * width) / data.sequence.length,
      y: RULER + (line + 0.5) * ROW,
    };
  }

  const clickCell = async (row: number, column: number): Promise<void> => {
    await page.locator("#heatmap").click({ position: await centre(row, column) });
  };
  /** Selects a block: Shift and drag, between two points of the canvas or beside it. */
  async function shiftDrag(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
    const box = await page.locator("#heatmap").boundingBox();
    const [left, top] = [box?.x ?? 0, box?.y ?? 0];
    await page.keyboard.down("Shift");
    await page.mouse.move(left + from.x, top + from.y);
    await page.mouse.down();
    await page.mouse.move(left + to.x, top + to.y);
    await page.mouse.up();
    await page.keyboard.up("Shift");
  }
  const status = (): Promise<string | null> => page.locator("#status").textContent();
  const selected = (): Promise<string[]> => page.locator("#selected tr td:first-child").allTextContents();

  it("draws each cell in the colour of its score", async () => {
    await show(60);
    const bound = scaleBound(data.heatmap);
    const sampled = [
      [0, 0],
      [3, 17],
      [10, 42],
      [19, 59],
      [7, 30],
    ].map(([row = 0, column = 0]) => ({ row, column }));
    // Beside the centre, where the mark of a wild type would be.
    const points = await Promise.all(sampled.map(async (cell) => centre(cell.row, cell.column)));
    const drawn = await page.evaluate((places) => {
      const canvas = document.querySelector("canvas");
      const image = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height);
      return places.map(({ x, y }) => {
        const first = 4 * (Math.round(y - 5) * (image?.width ?? 0) + Math.round(x - 5));
        return [...(image?.data.subarray(first, first + 3) ?? [])];
      });
    }, points);
    const expected = sampled.map((cell) => {
      const { llr } = substitutionAt(data, cell);
      return llr === null ? [187, 187, 187] : [...colourOf(llr, bound)];
    });
    expect(drawn).to.deep.equal(expected);
  });

  it("tells a cell under the pointer by its HGVS label, llr and percentile", async () => {
    await show(60);
    await page.locator("#heatmap").hover({ position: await centre(3, 17) });
    const { hgvs, percentile } = substitutionAt(data, { row: 3, column: 17 });
    const text = await page.locator("#tooltip").textContent();
    expect(text).to.match(/^p\.\w{3}18\w{3}: llr [+-]\d+\.\d{3}, percentile \d/);
    expect(text).to.include(hgvs).and.to.include(percentile?.toFixed(1));
    await page.mouse.move(5, 5);
    expect(await page.locator("#tooltip").isHidden()).to.equal(true);
  });

  it("shows what lies under the pointer above it at the end of the window", async () => {
    await show(60);
    const box = await page.locator("#heatmap").boundingBox();
    const height = Math.round((box?.y ?? 0) + RULER + 10 * ROW);
    await page.setViewportSize({ width: 1200, height });
    await page.mouse.move((box?.x ?? 0) + 200, height - 2);
    const tooltip = await page.locator("#tooltip").boundingBox();
    expect((tooltip?.y ?? Infinity) + (tooltip?.height ?? 0)).to.be.at.most(height);
  });

  it("fits a narrow window, with the answer of a search and the tooltip in sight", async () => {
    await show(60, { viewport: { width: 360, height: 640 } }, `sp|P01308|${"long_".repeat(30)}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).to.equal(360);
    await page.locator("#search").fill("301");
    await page.locator("#search").press("Enter");
    const answer = await page.locator("#status").boundingBox();
    expect((answer?.y ?? Infinity) + (answer?.height ?? 0)).to.be.at.most(641);
    for (const column of [59, 30, 0]) {
      await page.locator("#heatmap").hover({ position: await centre(3, column) });
      const tooltip = await page.locator("#tooltip").boundingBox();
      expect(tooltip?.x).to.be.at.least(8);
      expect((tooltip?.x ?? 0) + (tooltip?.width ?? Infinity)).to.be.at.most(352);
    }
  });

  it("keeps the rows of a long protein apart", async () => {
    await show(2000);
    const lines = await page.evaluate(
      (places) => {
        const canvas = document.querySelector("canvas");
        const image = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height);
        return places.map((y) => {
          const first = 4 * (y * (image?.width ?? 0) + 100);
          return [...(image?.data.subarray(first, first + 2400) ?? [])].join();
        });
      },
      [0, 5, 19].flatMap((row) => [RULER + row * ROW + 1, RULER + (row + 1) * ROW - 2]),
    );
    for (const row of [0, 1, 2]) expect(lines[2 * row]).to.equal(lines[2 * row + 1]);
    expect(new Set(lines)).to.have.property("size", 3);
  });

  it("finds a variant and a position, and says what is wrong with a search", async () => {
    await show(300);
    const { hgvs, wildType, mutant } = substitutionAt(data, { row: 2, column: 150 });
    const search = async (text: string): Promise<void> => {
      await page.locator("#search").fill(text);
      await page.locator("#search").press("Enter");
    };
    await search(`${wildType}151${mutant}`);
    expect(await status()).to.include(hgvs);
    await search("100-110");
    expect(await status()).to.equal("Position 100-110");
    await search("301");
    expect(await status())
      .to.include("301")
      .and.to.include("300");
    expect(await page.locator("#search").getAttribute("aria-invalid")).to.equal("true");
    await search("hello");
    expect(await status()).to.include("K10A");
    await search(" ");
    expect(await status()).to.equal("Type a variant, such as K10A, or positions, such as 10-25.");
  });

  it("selects by click and by block, lists the selection, and saves it as CSV", async () => {
    await show(60);
    await clickCell(3, 17);
    expect(await selected()).to.deep.equal([substitutionAt(data, { row: 3, column: 17 }).hgvs]);
    await clickCell(3, 17);
    expect(await selected()).to.deep.equal([]);

    await shiftDrag(await centre(0, 5), await centre(0, 8));
    const block = [5, 6, 7, 8].map((column) => substitutionAt(data, { row: 0, column }));
    const expected = block.filter(({ wildType, mutant }) => wildType !== mutant);
    expect(await selected()).to.deep.equal(expected.map(({ hgvs }) => hgvs));

    const [csv] = await Promise.all([page.waitForEvent("download"), page.locator("#csv").click()]);
    const lines = readFileSync(await csv.path(), "utf8").split("\r\n");
    expect(lines[0]).to.equal("position,wild_type,mutant,hgvs,llr,percentile");
    expect(lines.slice(1, -1)).to.have.length(expected.length);
    await page.locator("#clear").click();
    expect(await selected()).to.deep.equal([]);
  });

  it("selects a whole long protein by a drag that ends beside it, again in no time, and lists a part", async () => {
    await show(2000);
    const everything = 2000 * 19;
    for (let time = 0; time < 2; time++) {
      await shiftDrag({ x: LABELS + 0.1, y: RULER + 1 }, { x: 1175, y: RULER + 20 * ROW + 90 });
      expect(await page.locator("#selected-count").textContent()).to.equal(`${everything} (the first 200 are listed)`);
    }
    expect(await selected()).to.have.length(200);
    await page.locator("#heatmap").focus();
    await page.keyboard.press("ArrowRight");
    expect(await status()).to.include("selected");
  });

  it("is used by keyboard alone, and says each cell", async () => {
    await show(60);
    await page.locator("#heatmap").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    const cell = substitutionAt(data, { row: rowsBy("property")[1] ?? 0, column: 1 });
    expect(await status()).to.include(cell.hgvs);
    await page.keyboard.press("Enter");
    expect(await selected()).to.deep.equal([cell.hgvs]);
    expect(await status()).to.include("selected");
    await page.keyboard.press("End");
    expect(await status()).to.include("60");
  });

  it("zooms by buttons, and moves on the strip", async () => {
    await show(300);
    const before = await page.locator("#overview .selection").getAttribute("width");
    await page.locator("#zoom-in").click();
    const after = await page.locator("#overview .selection").getAttribute("width");
    expect(Number(after)).to.be.closeTo(Number(before) / 2, 1);
    await page.locator("#zoom-all").click();
    expect(await page.locator("#overview .selection").getAttribute("width")).to.equal(before);
  });

  it("saves the whole protein as PNG and as SVG", async () => {
    await show(120);
    const [png] = await Promise.all([page.waitForEvent("download"), page.locator("#png").click()]);
    const image = readFileSync(await png.path());
    expect(image.subarray(1, 4).toString()).to.equal("PNG");
    expect(image.readUInt32BE(16)).to.be.greaterThan(1000);
    const [svg] = await Promise.all([page.waitForEvent("download"), page.locator("#svg").click()]);
    expect(readFileSync(await svg.path(), "utf8")).to.match(/^<svg [\s\S]+<\/svg>$/);
  });

  it("prints the whole protein, in light colours", async () => {
    await show(120, { colorScheme: "dark" });
    await page.locator("#theme").click();
    await page.locator("#theme").click();
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("#print svg").count()).to.equal(2);
    expect(await page.locator("#print svg").first().isVisible()).to.equal(true);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).to.equal("rgb(255, 255, 255)");
    expect(await page.locator("#search").isVisible()).to.equal(false);
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has no accessibility violations in ${colorScheme} colours`, async () => {
      await show(60, { colorScheme });
      await clickCell(3, 17);
      await page.addScriptTag({ path: AXE });
      const violations = await page.evaluate(async () => {
        const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
      });
      expect(violations).to.deep.equal([]);
    });
  }

  it("draws a protein of 2,000 residues at every step of a zoom", async () => {
    await show(2000);
    const box = await page.locator("#heatmap").boundingBox();
    await page.mouse.move((box?.x ?? 0) + 600, (box?.y ?? 0) + 150);
    await page.keyboard.down("Control");
    for (let step = 0; step < 5; step++) await page.mouse.wheel(0, -200);
    await page.keyboard.up("Control");
    await page.evaluate(nextFrame);
    expect(Number(await page.locator("#overview .selection").getAttribute("width"))).to.be.lessThan(600);
  });
});

function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      requestAnimationFrame(() => {
        resolve();
      });
    });
  });
}
