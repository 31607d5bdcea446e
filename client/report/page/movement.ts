import { brushX, type D3BrushEvent } from "d3-brush";
import { select } from "d3-selection";
import { zoom, zoomIdentity, type D3ZoomEvent } from "d3-zoom";
import { bars, type ReportData } from "../reportData.js";
import { onPress } from "./elements.js";
import { LABELS } from "./geometry.js";
import type { Store, View } from "./store.js";

/** Height of the overview in CSS pixels. */
const OVERVIEW = 44;
const ZOOM_STEP = 2;

/** Zooms and moves the heatmap: by wheel with Ctrl, by drag, pinch and double click. */
export function zoomable(canvas: HTMLCanvasElement, store: Store): void {
  const selection = select(canvas);
  // While d3 moves the view it must not be told of that, and the other way round.
  let inStep = false;
  const behaviour = zoom<HTMLCanvasElement, unknown>()
    // Without Ctrl, the wheel scrolls the page. Shift and drag selects.
    .filter((event: WheelEvent | MouseEvent) =>
      event.type === "wheel" ? event.ctrlKey || event.metaKey : !event.shiftKey,
    )
    .clickDistance(4)
    .on("zoom", ({ transform, sourceEvent }: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
      if (!sourceEvent || inStep) return;
      inStep = true;
      const first = ((LABELS - transform.x - LABELS * transform.k) / transform.k / plot()) * store.length;
      store.show(first, first + store.length / transform.k);
      inStep = false;
    });
  const plot = (): number => canvas.clientWidth - LABELS;

  /** Tells d3 what moved the view without it. */
  const follow = ({ first, end }: View): void => {
    if (inStep) return;
    inStep = true;
    const scale = store.length / (end - first);
    const shift = -first * (plot() / (end - first)) + LABELS - LABELS * scale;
    behaviour.scaleExtent([1, store.length / 10]);
    const plotted: [[number, number], [number, number]] = [
      [LABELS, 0],
      [canvas.clientWidth, canvas.clientHeight],
    ];
    behaviour.extent(plotted).translateExtent(plotted);
    behaviour.transform(selection, zoomIdentity.translate(shift, 0).scale(scale));
    inStep = false;
  };
  selection.call(behaviour);
  store.listen(follow);
}

/** The whole protein in one strip; what is brushed on it is in sight above. */
export function overview(container: SVGSVGElement, data: ReportData, store: Store): void {
  const svg = select(container);
  const layer = svg.append("g");
  const profile = svg.insert("path", "g").attr("class", "bars");
  const lengths = bars(data);
  const behaviour = brushX<unknown>();
  const scaleOf = (): number => (container.clientWidth - LABELS) / store.length;

  const place = (): void => {
    // Not in sight, as in print.
    if (container.clientWidth === 0) return;
    const width = scaleOf();
    profile.attr(
      "d",
      lengths
        .map((share, column) => {
          const height = share * OVERVIEW;
          return `M${(LABELS + column * width).toFixed(2)} 0h${width.toFixed(2)}v${height.toFixed(1)}h-${width.toFixed(2)}z`;
        })
        .join(""),
    );
    behaviour.extent([
      [LABELS, 0],
      [container.clientWidth, OVERVIEW],
    ]);
    layer.call(behaviour);
    mark(store.view);
  };
  const mark = ({ first, end }: View): void => {
    layer.call(behaviour.move.bind(behaviour), [LABELS + first * scaleOf(), LABELS + end * scaleOf()]);
  };
  behaviour.on("brush end", ({ selection, sourceEvent }: D3BrushEvent<unknown>) => {
    if (!sourceEvent) return;
    if (selection === null) store.show(0, store.length);
    else {
      const [from, to] = selection as [number, number];
      store.show((from - LABELS) / scaleOf(), (to - LABELS) / scaleOf());
    }
  });
  place();
  store.listen(mark);
  new ResizeObserver(place).observe(container);
}

/** The buttons beside the heatmap. */
export function zoomButtons(store: Store): void {
  const zoomBy = (factor: number): void => {
    const { first, end, focus } = store.view;
    const centre = focus ? focus.column + 0.5 : (first + end) / 2;
    const half = (end - first) / factor / 2;
    store.show(centre - half, centre + half);
  };
  onPress("zoom-in", () => {
    zoomBy(ZOOM_STEP);
  });
  onPress("zoom-out", () => {
    zoomBy(1 / ZOOM_STEP);
  });
  onPress("zoom-all", () => {
    store.show(0, store.length);
  });
}
