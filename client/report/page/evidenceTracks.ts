import type { ReportData } from "../reportData.js";
import { isKnownVariant, isStretch, type ReportEvidence } from "../reportEvidence.js";
import { columnWidth, columnX, CONSERVATION, HEIGHT, LANE, TRACK_GAP } from "./geometry.js";
import type { View } from "./store.js";

/** Draws the tracks below the heatmap: conservation, stretches such as domains, and known variants. */
export class EvidenceTracks {
  private readonly stretches: readonly { readonly first: number; readonly end: number }[];
  private readonly known: readonly number[];

  constructor(private readonly evidence: ReportEvidence) {
    this.stretches = evidence.rows.filter(isStretch).map(({ start = 1, end = 1 }) => ({ first: start - 1, end }));
    this.known = [...new Set(evidence.rows.filter(isKnownVariant).map(({ start = 1 }) => start - 1))];
  }

  draw(context: CanvasRenderingContext2D, view: View, width: number, style: CSSStyleDeclaration): void {
    const cell = columnWidth(view, width);
    const top = HEIGHT + TRACK_GAP;
    context.fillStyle = style.getPropertyValue("--track");
    for (let column = Math.floor(view.first); column < view.end; column++) {
      const height = (this.evidence.conservation[column] ?? 0) * CONSERVATION;
      context.fillRect(columnX(view, width, column), top + CONSERVATION - height, Math.max(cell - 0.5, 0.5), height);
    }
    const lane = top + CONSERVATION + TRACK_GAP;
    // Stretches that overlap show through one another.
    context.globalAlpha = 0.4;
    context.fillStyle = style.getPropertyValue("--accent");
    for (const { first, end } of this.stretches) {
      context.fillRect(columnX(view, width, first), lane, (end - first) * cell, LANE);
    }
    context.globalAlpha = 1;
    context.fillStyle = style.getPropertyValue("--cursor");
    for (const column of this.known) {
      context.fillRect(columnX(view, width, column), lane + LANE + TRACK_GAP, Math.max(cell, 2), LANE);
    }
  }
}

/** The tracks of a report; undefined without evidence. */
export function evidenceTracks({ evidence }: ReportData): EvidenceTracks | undefined {
  return evidence && new EvidenceTracks(evidence);
}
