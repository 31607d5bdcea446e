import { clientEnvironment, clientOptions } from "./account.js";
import { AutoscalingService } from "./autoscaling/service.js";
import { ApiService } from "./api/service.js";
import { systemClock } from "./clock.js";
import { deploy } from "./deploy.js";
import { messageOf } from "./errors.js";
import { Gateway } from "./gateway.js";
import { functionLogs, type FunctionLogs } from "./functions/logs.js";
import { LambdaService } from "./functions/service.js";
import type { ModelDescription } from "./describe.js";
import { motoClients, startMoto, type AwsClients } from "./moto/moto.js";
import { freePort } from "./processes/ports.js";
import { Processes } from "./processes/processes.js";
import { PROGRAMS } from "./processes/programs.js";
import { assembleEndpoints } from "./resources/endpoints.js";
import { SAGEMAKER_TYPES } from "./resources/compute.js";
import { number, required } from "./resources/properties.js";
import { fireTimer } from "./resources/stateMachines.js";
import type { Resource, Timer } from "./resources/types.js";
import { AsyncEndpoint, type EndpointSettings } from "./sagemaker/endpoint.js";
import { startModelServer } from "./sagemaker/modelServer.js";
import { SageMakerService } from "./sagemaker/service.js";
import { ServedModels } from "./servedModels.js";
import { emulatedStore } from "./sagemaker/store.js";
import type { TwinOptions } from "./twinOptions.js";

/** The program, deployed on this machine. */
export interface Twin {
  /** Endpoint URL of every service. */
  readonly endpointUrl: string;
  /** Environment variables with which an AWS SDK or the AWS CLI uses the twin. */
  readonly env: Readonly<Record<string, string>>;
  /** The same as options of an AWS SDK v3 client. */
  readonly clientConfig: ReturnType<typeof clientOptions>;
  /** The program's outputs. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly model: ModelDescription;
  /** Pulumi types that the program registers and the twin emulates: the service's API shows the resource. */
  readonly emulated: readonly string[];
  /** Pulumi types that the program registers and the twin does not emulate. */
  readonly notEmulated: readonly string[];
  readonly endpoints: readonly AsyncEndpoint[];
  /**
   * Does what a schedule of EventBridge Scheduler does at its time: starts its state machine. The twin starts none by the
   * clock.
   *
   * @param name of the schedule
   * @returns the ARN of the execution
   */
  fireSchedule(name: string): Promise<string>;
  /** Ends every process of the twin and frees its port. */
  stop(): Promise<void>;
}

/**
 * Deploys the program to emulated AWS on this machine. Resolves once its endpoint is in service.
 *
 * @throws TwinError `PORT_IN_USE`, `NOT_INSTALLED`, `MODEL_UNAVAILABLE`, `PROCESS_FAILED`
 * @throws ProgramError if the configuration or the program has a fault
 */
export async function startTwin(options: TwinOptions): Promise<Twin> {
  const gateway = new Gateway();
  const endpointUrl = await gateway.listen(options.port ?? 0);
  const report = options.onProgress ?? (() => undefined);
  const motoPort = await freePort();
  const aws = motoClients(motoPort);
  const processes = new Processes();
  const logs = functionLogs(aws, (error) => {
    report(`The log of a function could not be written: ${messageOf(error)}`);
  });
  const lambda = new LambdaService({
    endpointUrl,
    processes,
    clock: options.clock ?? systemClock,
    onLog: logs.write,
    onFailure: report,
    faults: options.faults,
  });
  const api = new ApiService({ clock: options.clock ?? systemClock, invoke: lambda.call });
  const sagemaker = new SageMakerService();
  const autoscaling = new AutoscalingService({
    clock: options.clock ?? systemClock,
    endpoint: (name) => sagemaker.all().find(({ settings }) => settings.name === name),
  });
  const parts: Parts = { gateway, endpointUrl, motoPort, aws, processes, logs, lambda, api, sagemaker, autoscaling };
  try {
    return await startParts(options, parts, report);
  } catch (error) {
    await stopParts(parts);
    throw error;
  }
}

type Report = (message: string) => void;

interface Parts {
  readonly gateway: Gateway;
  readonly endpointUrl: string;
  readonly motoPort: number;
  readonly aws: AwsClients;
  readonly processes: Processes;
  readonly logs: FunctionLogs;
  readonly lambda: LambdaService;
  readonly api: ApiService;
  readonly sagemaker: SageMakerService;
  readonly autoscaling: AutoscalingService;
}

async function startParts(options: TwinOptions, parts: Parts, report: Report): Promise<Twin> {
  const { gateway, endpointUrl, motoPort, aws, processes, lambda, api, sagemaker, autoscaling } = parts;
  report("Starting the AWS emulator.");
  const gatewayPort = Number(new URL(endpointUrl).port);
  const [models] = await Promise.all([
    ServedModels.of(options.modelDir, options.models ?? {}),
    startMoto(processes, PROGRAMS.python, motoPort, gatewayPort),
  ]);
  gateway.serve({
    fallbackPort: motoPort,
    faults: options.faults,
    services: {
      lambda: (request, response) => lambda.handle(request, response),
      "execute-api": (request, response) => api.handle(request, response),
      sagemaker: (request, response) => sagemaker.handle(request, response),
      "application-autoscaling": (request, response) => autoscaling.handle(request, response),
    },
  });

  report("Deploying the program.");
  const endpointParts = new Map<string, Resource[]>();
  const timers = new Map<string, Timer>();
  const { outputs, emulated, notEmulated, count } = await deploy({
    stack: options.stack ?? "default",
    config: options.config ?? {},
    services: {
      aws,
      endpointUrl,
      lambda,
      api,
      processes,
      endpointParts,
      schedules: new Map<string, number>(),
      functionImages: new Map<string, string>(),
      timers,
      models,
    },
    onResource: (type, name) => {
      options.onResource?.(`${type} ${name}`);
    },
  });

  report("Starting the model server.");
  const endpoints = assembleEndpoints(endpointParts).map((settings) =>
    endpointOf(
      settings,
      models.dirOf(settings, settings.name === String(outputs["endpointName"])),
      options,
      parts,
      report,
    ),
  );
  for (const endpoint of endpoints) sagemaker.add(endpoint);
  for (const { state } of endpointParts.get(SAGEMAKER_TYPES.scalableTarget) ?? []) {
    autoscaling.add(required(state, "resourceId"), number(state, "minCapacity", 1), number(state, "maxCapacity", 1));
  }
  await Promise.all(endpoints.map((endpoint) => endpoint.start()));

  report(`${count} resources are deployed.`);
  return {
    endpointUrl,
    env: clientEnvironment(endpointUrl),
    clientConfig: clientOptions(endpointUrl),
    outputs,
    model: models.base,
    emulated,
    notEmulated,
    endpoints,
    fireSchedule: (name) => fireTimer(name, timers, aws),
    stop: () => stopParts(parts),
  };
}

function endpointOf(
  settings: EndpointSettings,
  modelDir: string,
  options: TwinOptions,
  parts: Parts,
  report: Report,
): AsyncEndpoint {
  const { processes, aws } = parts;
  const containerEnvironment = settings.model.environment;
  const { clock = systemClock, wakeSeconds = 0, idleSeconds = 300, faults } = options;
  const serve = () => startModelServer({ processes, command: PROGRAMS.amplifyVep, modelDir, containerEnvironment });
  const store = emulatedStore(aws);
  return new AsyncEndpoint(settings, {
    clock,
    store: faults?.store?.(store) ?? store,
    launch: options.launch ?? serve,
    wakeMs: wakeSeconds * 1000,
    idleMs: idleSeconds * 1000,
    onEvent: report,
  });
}

async function stopParts({ gateway, processes, logs, lambda, sagemaker }: Parts): Promise<void> {
  await Promise.all([lambda.stop(), ...sagemaker.all().map((endpoint) => endpoint.stop())]);
  // The AWS emulator ends with the processes.
  await logs.close();
  await processes.stop();
  await gateway.close();
}
