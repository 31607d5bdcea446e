/** `npm run local`: the program on emulated AWS in the foreground, until Ctrl-C. */
import { InvalidArgumentError, Option } from "commander";
import { commandLine, runCommand } from "./command.js";
import type { ServeOptions } from "./local/serve.js";

const HIGHEST_PORT = 65_535;

const command = commandLine(
  "npm run local",
  "Deploys the program to emulated AWS on this machine and keeps it running until Ctrl-C.",
  ["--model chandar-lab/AMPLIFY_350M --port 4566", "--stack dev --config minCapacity=0"],
)
  .option("--json", "print one line of JSON when ready: {endpoint_url, env, outputs}")
  .addOption(new Option("--port <port>", "port of the one address").argParser(readPort).default(0, "a free one"))
  .option("--model <id>", "a folder, or a model of the Hugging Face hub; default: chandar-lab/AMPLIFY_120M")
  .option("--stack <name>", "stack whose configuration is deployed", "default")
  .addOption(
    new Option("--config <key=value>", "a configuration value that replaces the stack's; can be repeated")
      .argParser(addPair)
      .default({}, "none"),
  );

await runCommand(command, async () => {
  const options = command.opts<ServeOptions>();
  const { checkConfiguration } = await import("./local/checkConfiguration.js");
  await checkConfiguration(options.stack, options.config);
  const { serve } = await import("./local/serve.js");
  return serve(options);
});

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > HIGHEST_PORT) {
    throw new InvalidArgumentError(`Allowed is a number from 0 (a free port) to ${HIGHEST_PORT}.`);
  }
  return port;
}

function addPair(text: string, previous: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Write a pair, such as --config minCapacity=0.");
  return { ...previous, [text.slice(0, at)]: text.slice(at + 1) };
}
