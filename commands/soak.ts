/** `npm run soak`: a model server under thousands of mixed requests. */
import { commandLine, readCount, runCommand } from "./command.js";

interface Options {
  readonly model?: string;
  readonly requests: number;
  readonly limit: number;
}

const command = commandLine(
  "npm run soak",
  "Sends thousands of mixed requests to a model server and checks every response. Exits with 1 where one is wrong, or memory grows.",
  ["--requests 300 --limit 60"],
)
  .option("--model <id>", "a folder, or a model of the Hugging Face hub; default: chandar-lab/AMPLIFY_120M")
  .option("--requests <number>", "number of requests", readCount, 3000)
  .option("--limit <seconds>", "seconds after which no more requests are sent", readCount, 600);

await runCommand(command, async () => {
  const { model, requests, limit } = command.opts<Options>();
  const { prepareModel } = await import("../local/model.js");
  const { runModelBench } = await import("./bench/modelBench.js");
  const { dir, notice } = await prepareModel(model, console.error);
  if (notice !== undefined) console.error(notice);
  const code = await runModelBench(["soak", "--model", dir, "--requests", `${requests}`, "--limit", `${limit}`]);
  return code ?? 1;
});
