/** `npm run image`: builds the image of the model, and tries it. */
import { Option } from "commander";
import { commandLine, runCommand } from "./command.js";
import { TOOLS, type ToolName } from "./image/tools.js";

interface Options {
  readonly tool?: ToolName;
  readonly modelId?: string;
  readonly model?: string;
  readonly tag: string;
  readonly buildOption: readonly string[];
}

const command = commandLine(
  "npm run image",
  "Builds the image of the model, starts it, scores a protein, and prints its size and the time of its start.",
  ["--tool buildah", "--model-id chandar-lab/AMPLIFY_120M", "--build-option=--network=host"],
)
  .addOption(new Option("--tool <name>", "default: the first that works").choices(Object.keys(TOOLS)))
  .option("--tag <name>", "name of the image on this machine", "localhost/amplify-vep:check")
  .addOption(
    new Option("--model-id <id>", "model of the hub to build into the image; default: none").conflicts("model"),
  )
  .option("--model <folder>", "model to mount if none is built in; default: a synthetic one of the 350M shape")
  .option("--build-option <option>", "option for the build of the tool; can be repeated", append, []);

await runCommand(command, async () => {
  const options = command.opts<Options>();
  const { checkImage } = await import("./image/checkImage.js");
  await checkImage(options, console.log);
  return 0;
});

function append(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}
