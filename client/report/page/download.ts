import { picture, printedPictures } from "../picture.js";
import type { ReportData } from "../reportData.js";
import { element, onPress, say } from "./elements.js";
import type { Store } from "./store.js";

/** Pixels of a PNG for each pixel of the picture: sharp on a slide. */
const PNG_SCALE = 2;

/** Largest side of a canvas that browsers draw. */
const LARGEST_SIDE = 16_384;

/** Time that a browser has to read a file that is saved. */
const READ_MS = 60_000;

/** Gives a file to the reader. */
export type SaveFile = (name: string, content: Blob) => void;

/** Saves a file on the reader's machine. */
export const download: SaveFile = (name, content) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // Safari reads the file after the click.
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, READ_MS);
};

/** The buttons that save the whole protein as a picture, and the picture that is printed. */
export function pictures(data: ReportData, store: Store, save: SaveFile): void {
  const svg = (): string => picture(data, { order: store.view.order });
  onPress("svg", () => {
    save("heatmap.svg", new Blob([svg()], { type: "image/svg+xml" }));
  });
  onPress("png", () => {
    void png(svg()).then(
      (image) => {
        save("heatmap.png", image);
      },
      () => {
        say("This browser could not draw the picture: download the SVG file.");
      },
    );
  });
  window.addEventListener("beforeprint", () => {
    element("print", HTMLDivElement).innerHTML = printedPictures(data, store.view.order);
  });
}

async function png(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(PNG_SCALE, LARGEST_SIDE / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = image.width * scale;
  canvas.height = image.height * scale;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error("The canvas gave no picture."));
    }, "image/png");
  });
}
