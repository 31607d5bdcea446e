import { statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { figure, median, type Figure } from "./figure.js";
import { startCannedAws } from "./cannedAws.js";
import { callOnce, unpackTools } from "./toolsFunction.js";

const PAIRS = 9;

const EVENT = {
  tool_name: "invoke_endpoint",
  sequence: "MKTVRQERLKSIVRILERSKEPVSGAQLAEELSVSRQVIVQDIAYLRSLGYNIVATPRGYVLAGG",
};

/** A function that does nothing: its cold start is that of Node. */
const EMPTY_BUNDLE = "exports.handler = async () => ({ success: true });";

/**
 * Size of the tools' bundle, and the ratio of two cold starts, each from the start of a process to its answer: that of the
 * tools, which call canned AWS, and that of a function that does nothing. They alternate.
 */
export async function toolsBundleFigures(): Promise<Figure[]> {
  const aws = await startCannedAws();
  const tools = await unpackTools();
  try {
    const empty = path.join(tools.folder, "empty.js");
    writeFileSync(empty, EMPTY_BUNDLE);
    const coldStart = async (file: string): Promise<number> => {
      const started = performance.now();
      await callOnce(tools, file, EVENT, aws.endpointUrl);
      return performance.now() - started;
    };
    await coldStart(tools.file);
    await coldStart(empty);
    const pairs: { tools: number; empty: number }[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      pairs.push({ tools: await coldStart(tools.file), empty: await coldStart(empty) });
    }
    return [
      figure("the tools' bundle, minified, without its source map", statSync(tools.file).size / 1e6, "MB", null),
      figure("cold start of the tools' function", median(pairs.map((pair) => pair.tools)), "ms", null),
      figure(
        "cold start of the tools' function / of an empty one",
        median(pairs.map((pair) => pair.tools / pair.empty)),
        "x",
        "<= 6",
      ),
    ];
  } finally {
    tools.remove();
    await aws.stop();
  }
}
