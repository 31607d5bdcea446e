import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type axe from "axe-core";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { AMINO_ACIDS } from "../../../contract/aminoAcids.js";
import { renderReport } from "../../../client/report/renderReport.js";
import { reportEvidence } from "../../../client/report/reportEvidence.js";
import { rowsBy } from "../../../client/report/rows.js";
import { describeBrowser } from "../../support/browser.js";
import { evidenceTableOf } from "../../support/evidenceTable.js";
import { reportOf } from "../../support/report.js";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Sizes of the page, see client/report/page/geometry.ts. */
const [LABELS, RULER, ROW, ROWS, PLAIN_HEIGHT] = [22, 34, 15, 20, 390];

describeBrowser("the page of a report with evidence", (open) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "amplify-vep-evidence-"));
  const data = reportOf(40);
  const wildType = data.sequence.charAt(9);
  const mutant = wildType === "A" ? "G" : "A";
  const variant = `${wildType}10${mutant}`;
  const problems: string[] = [];
  let page: Page;

  before(async () => {
    const evidence = reportEvidence(evidenceTableOf(data.sequence, variant));
    const file = path.join(folder, "report.html");
    writeFileSync(file, await renderReport({ ...data, evidence }));
    page = await open({ viewport: { width: 1200, height: 1000 } });
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => {
      if (!/^(file|blob|data):/.test(request.url())) problems.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  });
  after(async () => {
    await page.close();
    rmSync(folder, { recursive: true });
  });

  /** A place of a column in the canvas, in CSS pixels. */
  async function at(column: number, y: number): Promise<{ x: number; y: number }> {
    const box = await page.locator("#heatmap").boundingBox();
    return { x: LABELS + ((column + 0.5) * ((box?.width ?? 0) - LABELS)) / data.sequence.length, y };
  }

  const ofVariant = (): Promise<{ x: number; y: number }> =>
    at(9, RULER + (rowsBy("property").indexOf(AMINO_ACIDS.indexOf(mutant)) + 0.5) * ROW);

  /** Whether something is drawn at a place. */
  async function isDrawn({ x, y }: { x: number; y: number }): Promise<boolean> {
    return page.locator("#heatmap").evaluate(
      (canvas, place) => {
        const drawing = canvas as HTMLCanvasElement;
        const density = window.devicePixelRatio;
        const [left, top] = [Math.round(place.x * density), Math.round(place.y * density)];
        return (drawing.getContext("2d")?.getImageData(left, top, 1, 1).data[3] ?? 0) > 0;
      },
      { x, y },
    );
  }

  it("draws tracks below the matrix: conservation, domains and known variants, at their positions", async () => {
    const box = await page.locator("#heatmap").boundingBox();
    expect(box?.height).to.equal(PLAIN_HEIGHT + 72);
    const conservation = PLAIN_HEIGHT + 8 + 27;
    const domains = PLAIN_HEIGHT + 8 + 28 + 8 + 5;
    const variants = domains + 18;

    expect(await isDrawn(await at(9, conservation))).to.equal(true);
    expect([await isDrawn(await at(6, domains)), await isDrawn(await at(30, domains))]).to.deep.equal([true, false]);
    expect([await isDrawn(await at(9, variants)), await isDrawn(await at(11, variants))]).to.deep.equal([true, false]);
    expect(RULER + ROWS * ROW).to.be.lessThan(PLAIN_HEIGHT);
  });

  it("shows conservation and evidence with their sources in the tooltip", async () => {
    await page.locator("#heatmap").hover({ position: await ofVariant() });

    const text = (await page.locator("#tooltip").textContent()) ?? "";
    expect(text)
      .to.match(/llr [+-]\d/)
      .and.to.include("conservation 0.70");
    expect(text).to.include("natural variant: in a family (uniprot)").and.to.include("domain: Kinase (uniprot)");
    expect(text).to.include("seen in homologue: mouse");
  });

  it("lists the evidence of selected variants, each with the link to its source", async () => {
    await page.locator("#heatmap").click({ position: await ofVariant() });

    const links = page.locator("#selected a");
    expect(await links.allTextContents()).to.include("natural variant: in a family (uniprot)");
    expect(await links.first().getAttribute("href")).to.equal("https://www.uniprot.org/uniprotkb/P50613/entry");
    const listed = page.locator("#evidence tbody tr", { hasText: variant }).first();
    expect(await listed.locator("a").getAttribute("href")).to.match(/^https:/);
  });

  it("says what it may be used for and which sources failed, and runs nothing that a source says", async () => {
    const text = (await page.locator("main").textContent()) ?? "";

    expect(text).to.include("Research use only").and.to.include("clinvar: unavailable (429: too many requests)");
    expect(text).to.include("<b>bold</b>");
    expect(await page.locator("#evidence b").count()).to.equal(0);
    expect(problems).to.deep.equal([]);
  });

  for (const width of [360, 1200])
    it(`has no fault that axe finds, and nothing beside the window, at ${width} pixels`, async () => {
      await page.setViewportSize({ width, height: 1000 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.equal(width);
      await page.addScriptTag({ path: AXE });
      const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());

      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(", ")}`)).to.deep.equal([]);
    });
});
