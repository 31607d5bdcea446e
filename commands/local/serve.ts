import { prepareModel } from "../../local/model.js";
import { prepareVersions } from "../../local/versionModels.js";
import { startTwin, type Twin } from "../../local/twin/start.js";
import { describeTwin, readyLine } from "./readyMessage.js";
import { announceTwin, withdrawTwin } from "./runningTwin.js";

/** How `npm run local` serves. */
export interface ServeOptions {
  /** Print one line of JSON when ready, and nothing else, on standard output. */
  readonly json?: boolean;
  /** 0: a free one. */
  readonly port: number;
  /** A folder or a hub id. Default: the smallest published model. */
  readonly model?: string;
  readonly stack: string;
  /** Configuration that replaces the stack's. */
  readonly config: Readonly<Record<string, string>>;
}

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Serves the twin until a signal arrives.
 *
 * @returns the exit code
 * @throws TwinError where the twin cannot start
 */
export async function serve({ json, port, model, stack, config }: ServeOptions): Promise<number> {
  const signal = stopSignal();
  const { dir, notice } = await prepareModel(model, progress);
  const { models, notices } = await prepareVersions(stack, config, progress);
  const twin = await startTwin({
    modelDir: dir,
    models,
    port,
    stack,
    config,
    onProgress: progress,
    onResource: progress,
  });
  announceTwin({ endpointUrl: twin.endpointUrl, functionName: String(twin.outputs["lambdaFunctionName"]) });
  print(twin, json, [...(notice === undefined ? [] : [notice]), ...notices]);
  await signal.received();
  progress("Stopping.");
  withdrawTwin();
  await twin.stop();
  return 0;
}

function progress(message: string): void {
  console.error(message);
}

/** Before `received` is called, a signal ends this process and everything that it started. */
function stopSignal(): { received(): Promise<void> } {
  let notify: (() => void) | undefined;
  for (const [signal, number] of Object.entries(SIGNALS)) {
    process.once(signal, () => {
      if (notify) notify();
      else process.exit(128 + number);
    });
  }
  return { received: () => new Promise((resolve) => (notify = resolve)) };
}

function print(twin: Twin, json: boolean | undefined, notices: readonly string[]): void {
  for (const notice of notices) console.error(`\n${notice}`);
  console.log(json ? readyLine(twin) : describeTwin(twin));
}
