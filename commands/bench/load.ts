import { LambdaClient } from "@aws-sdk/client-lambda";
import { ToolsClient } from "../../client/tools.js";
import { syntheticCheckpoint } from "../../local/model.js";
import { startTwin } from "../../local/twin/start.js";
import { inParallel } from "../inParallel.js";
import { startStandIn } from "../faults/standInModel.js";
import { figure, type Figure } from "./figure.js";
import { generator } from "../../client/random.js";
import { randomProtein } from "./random.js";
import { ServiceLog } from "./serviceLog.js";

/** Submissions that are measured, those before them, and callers at the same time: the twin runs 4 of them at once. */
const SUBMISSIONS = 150;
const WARM_UP = 12;
const CALLERS = 8;
const RESIDUES = 20;

/** Time of the stand-in of the model for a protein, in ms: it must not be the bottleneck. */
const MODEL_MS = 1;

/** Services that functions use. */
const SERVICES = ["dynamodb", "s3", "sagemaker"] as const;

/**
 * How many submissions in a second the tools sustain in the twin with the real bundles, and what they wait for. The model
 * is a stand-in, so that the figures are those of the way in and the way back.
 */
export async function loadFigures(): Promise<Figure[]> {
  const log = new ServiceLog();
  const twin = await startTwin({
    modelDir: await syntheticCheckpoint(),
    faults: log,
    launch: () => startStandIn({ behaviour: () => ({ afterMs: MODEL_MS, status: 200 }), onAnswer: () => undefined }),
  });
  try {
    const tools = new ToolsClient(new LambdaClient(twin.clientConfig), String(twin.outputs["lambdaFunctionName"]));
    const random = generator();
    const proteins = (count: number) => Array.from({ length: count }, () => randomProtein(random, RESIDUES));
    const submit = async (sequence: string): Promise<void> => {
      await tools.invokeEndpoint({ sequence });
    };
    await inParallel(proteins(WARM_UP), CALLERS, submit);
    log.reset();
    const started = performance.now();
    await inParallel(proteins(SUBMISSIONS), CALLERS, submit);
    return figuresOf(log, (performance.now() - started) / 1_000);
  } finally {
    await twin.stop();
  }
}

function figuresOf(log: ServiceLog, seconds: number): Figure[] {
  const invoked = log.of("lambda");
  const slowest = log.all().find(({ name }) => name.includes(" ") && !name.startsWith("lambda"));
  const services = SERVICES.map((name) => ({ name, ...log.of(name) }));
  const each = (value: number): number => value / SUBMISSIONS;
  return [
    figure(`submissions by ${CALLERS} callers, with the way back`, SUBMISSIONS / seconds, "/s", null),
    figure("time of a submission", each(invoked.seconds) * 1_000, "ms", null),
    ...services.map(({ name, count }) =>
      figure(`requests to ${name} for a submission and its end`, each(count), "", null),
    ),
    ...services.map(({ name, seconds: waited }) =>
      figure(`waiting for ${name}, submission and end`, each(waited) * 1_000, "ms", null),
    ),
    figure(`most waited for: ${slowest?.name ?? "nothing"}`, each(slowest?.seconds ?? 0) * 1_000, "ms", null),
  ];
}
