import { parseArgs } from "node:util";
import { messageOf, TwinError } from "../../local/twin/errors.js";

export interface ServeOptions {
  /** One line of JSON when ready, and nothing else on standard output. */
  readonly json: boolean;
  /** 0 takes a free one. */
  readonly port: number;
  /** A folder or a hub id; undefined: the smallest published model. */
  readonly model: string | undefined;
  readonly stack: string;
  readonly config: Readonly<Record<string, string>>;
}

export const USAGE = `Usage: npm run local [-- options]
  --json             one line of JSON when ready: {endpoint_url, env, outputs}
  --port P           port of the one address (default: a free one)
  --model DIR|ID     a folder, or a model of the hub (default: chandar-lab/AMPLIFY_120M)
  --stack NAME       the stack whose configuration is deployed: dev, prod (default: the project's defaults)
  --config KEY=VALUE configuration beyond the stack's; may be given several times`;

const HIGHEST_PORT = 65_535;

/**
 * Reads the command line of `npm run local`.
 *
 * @throws TwinError `INVALID_OPTION` naming the option, its value, and what is allowed
 */
export function parseServeOptions(args: readonly string[]): ServeOptions {
  const { json, port, model, stack, config } = readArguments(args);
  return { json, port: readPort(port), model, stack, config: Object.fromEntries(config.map(readPair)) };
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: "boolean", default: false },
        port: { type: "string", default: "0" },
        model: { type: "string" },
        stack: { type: "string", default: "default" },
        config: { type: "string", multiple: true, default: [] },
      },
    }).values;
  } catch (error) {
    throw new TwinError("INVALID_OPTION", messageOf(error), { cause: error });
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > HIGHEST_PORT) {
    throw new TwinError("INVALID_OPTION", `--port ${text} is no port: give a number from 1 to ${HIGHEST_PORT}.`);
  }
  return port;
}

function readPair(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new TwinError("INVALID_OPTION", `--config ${text} is no pair: write it as --config minCapacity=0.`);
  return [text.slice(0, at), text.slice(at + 1)];
}
