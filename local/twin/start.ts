import { clientEnvironment, clientOptions } from "./account.js";
import { systemClock, type Clock } from "./clock.js";
import { deploy } from "./deploy.js";
import { messageOf } from "./errors.js";
import { Gateway } from "./gateway.js";
import { logKeeper } from "./functions/logs.js";
import { LambdaService } from "./functions/service.js";
import { describeModel, type ModelDescription } from "./describe.js";
import { awsClients, startMoto, type AwsClients } from "./moto/moto.js";
import { Processes } from "./processes/processes.js";
import { PROGRAMS } from "./processes/programs.js";
import { assembleEndpoints, type PlannedEndpoint } from "./resources/endpoints.js";
import type { Made } from "./resources/types.js";
import { AsyncEndpoint } from "./sagemaker/endpoint.js";
import { startModelServer } from "./sagemaker/modelServer.js";
import { SageMakerService } from "./sagemaker/service.js";
import { emulatedStore } from "./sagemaker/store.js";

export interface TwinOptions {
  /** Folder of the checkpoint to serve. */
  readonly modelDir: string;
  /** Port of the one address. Default: a free one. */
  readonly port?: number;
  /** Stack whose configuration is deployed. Default: `default`, the project's own defaults. */
  readonly stack?: string;
  /** Configuration beyond the stack's, such as `{ minCapacity: "0" }`. */
  readonly config?: Readonly<Record<string, string>>;
  /** Called with what the twin does, in a sentence; also with what happens to its endpoints once it is up. */
  readonly onProgress?: (message: string) => void;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Seconds of backlog before an endpoint at zero starts an instance. Default: 0; AWS's alarm takes 120. */
  readonly wakeSeconds?: number;
  /** Seconds without work before an endpoint that may stand at zero does so. Default: 300, as AWS's alarm. */
  readonly idleSeconds?: number;
}

/** The program, deployed on this machine. */
export interface Twin {
  /** The one address of every service. */
  readonly endpointUrl: string;
  /** Environment with which any AWS SDK, boto3 or the AWS CLI talks to the twin. */
  readonly env: Readonly<Record<string, string>>;
  /** The same for a client of AWS SDK v3 in this process. */
  readonly clientConfig: ReturnType<typeof clientOptions>;
  /** The program's outputs. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly model: ModelDescription;
  /** Pulumi types that the twin emulates, of those that the program registered. */
  readonly emulated: readonly string[];
  /** Pulumi types that the program registered and the twin does not emulate. */
  readonly notEmulated: readonly string[];
  readonly endpoints: readonly AsyncEndpoint[];
  /** Ends every process that the twin started, and frees its port. */
  stop(): Promise<void>;
}

/**
 * Deploys the program to emulated AWS on this machine, and returns when its endpoint is in service.
 *
 * @throws TwinError `PORT_IN_USE`, `NOT_INSTALLED`, `MODEL_UNAVAILABLE`, `PROCESS_FAILED`
 * @throws ProgramError where the configuration or the program has a fault
 */
export async function startTwin(options: TwinOptions): Promise<Twin> {
  const gateway = new Gateway();
  const endpointUrl = await gateway.listen(options.port ?? 0);
  const tell = options.onProgress ?? (() => undefined);
  const aws = awsClients(endpointUrl);
  const processes = new Processes();
  const onLog = logKeeper(aws, (error) => {
    tell(`A function's log could not be kept: ${messageOf(error)}`);
  });
  const lambda = new LambdaService({ endpointUrl, processes, clock: options.clock ?? systemClock, onLog });
  const running: Running = { gateway, endpointUrl, aws, processes, lambda, sagemaker: new SageMakerService() };
  try {
    return await bringUp(options, running, tell);
  } catch (error) {
    await takeDown(running);
    throw error;
  }
}

type Tell = (message: string) => void;

interface Running {
  readonly gateway: Gateway;
  readonly endpointUrl: string;
  readonly aws: AwsClients;
  readonly processes: Processes;
  readonly lambda: LambdaService;
  readonly sagemaker: SageMakerService;
}

async function bringUp(options: TwinOptions, running: Running, tell: Tell): Promise<Twin> {
  const { gateway, endpointUrl, aws, processes, lambda, sagemaker } = running;
  tell("Starting the AWS emulator.");
  const [motoPort, model] = await Promise.all([startMoto(processes, PROGRAMS.python), describeModel(options.modelDir)]);
  gateway.serve({
    fallbackPort: motoPort,
    services: {
      lambda: (request, response) => lambda.handle(request, response),
      sagemaker: (request, response) => sagemaker.handle(request, response),
    },
  });

  tell("Deploying the program.");
  const made = new Map<string, Made[]>();
  const { outputs, emulated, notEmulated, count } = await deploy({
    stack: options.stack ?? "default",
    config: options.config ?? {},
    services: { aws, lambda, processes, sagemaker: made, modelVersion: model.model_version },
    onResource: (type, name) => {
      tell(`${type} ${name}`);
    },
  });

  tell("Starting the model server.");
  const endpoints = assembleEndpoints(made).map((planned) => endpointOf(planned, options, running, tell));
  for (const endpoint of endpoints) sagemaker.add(endpoint);
  await Promise.all(endpoints.map((endpoint) => endpoint.start()));

  tell(`${count} resources are deployed.`);
  return {
    endpointUrl,
    env: clientEnvironment(endpointUrl),
    clientConfig: clientOptions(endpointUrl),
    outputs,
    model,
    emulated,
    notEmulated,
    endpoints,
    stop: () => takeDown(running),
  };
}

function endpointOf(planned: PlannedEndpoint, options: TwinOptions, running: Running, tell: Tell): AsyncEndpoint {
  const { settings, containerEnvironment } = planned;
  const { processes, aws } = running;
  const { modelDir, clock = systemClock, wakeSeconds = 0, idleSeconds = 300 } = options;
  return new AsyncEndpoint(settings, {
    clock,
    store: emulatedStore(aws),
    launch: () => startModelServer({ processes, command: PROGRAMS.amplifyVep, modelDir, containerEnvironment }),
    wakeMs: wakeSeconds * 1000,
    idleMs: idleSeconds * 1000,
    onEvent: tell,
  });
}

async function takeDown({ gateway, processes, lambda, sagemaker }: Running): Promise<void> {
  await Promise.all([lambda.stop(), ...sagemaker.all().map((endpoint) => endpoint.stop())]);
  await processes.stop();
  await gateway.close();
}
