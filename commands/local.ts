/** `npm run local`: the program on emulated AWS in the foreground, until Ctrl-C. */
import { parseServeOptions, USAGE, type ServeOptions } from "./local/options.js";
import { describeTwin, readyLine } from "./local/text.js";
import { prepareModel } from "../local/model.js";
import { messageOf, TwinError } from "../local/twin/errors.js";
import { startTwin, type Twin } from "../local/twin/start.js";

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

async function main(options: ServeOptions): Promise<void> {
  const stopAsked = askedToStop();
  const model = await prepareModel(options.model, tell);
  const { port, stack, config } = options;
  const twin = await startTwin({ modelDir: model.dir, port, stack, config, onProgress: tell });
  print(twin, options, model.notice);
  await stopAsked.whenUp();
  tell("Stopping.");
  await twin.stop();
}

function tell(message: string): void {
  console.error(message);
}

/** Until the twin is up a signal ends this process at once, and with it all that it started; then it asks to stop. */
function askedToStop(): { whenUp(): Promise<void> } {
  let ask: (() => void) | undefined;
  for (const [signal, number] of Object.entries(SIGNALS)) {
    process.once(signal, () => {
      if (ask) ask();
      else process.exit(128 + number);
    });
  }
  return { whenUp: () => new Promise((resolve) => (ask = resolve)) };
}

function print(twin: Twin, { json }: ServeOptions, notice: string | undefined): void {
  if (notice !== undefined) console.error(`\n${notice}`);
  console.log(json ? readyLine(twin) : describeTwin(twin));
}

try {
  await main(parseServeOptions(process.argv.slice(2)));
} catch (error) {
  const usage = error instanceof TwinError && error.code === "INVALID_OPTION";
  console.error(`amplify-vep: ${messageOf(error)}${usage ? `\n${USAGE}` : ""}`);
  process.exitCode = usage ? 2 : 1;
}
