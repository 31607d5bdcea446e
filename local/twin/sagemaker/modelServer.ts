import { freePort, LOOPBACK } from "../processes/ports.js";
import type { Processes } from "../processes/processes.js";
import { untilReady } from "../processes/ready.js";
import type { ModelServer } from "./fleet.js";

export interface ModelServerOptions {
  readonly processes: Processes;
  /** The program `amplify-vep`. */
  readonly command: string;
  /** Folder of the checkpoint. */
  readonly modelDir: string;
  /** Environment variables of the container, from the SageMaker model of the program. */
  readonly containerEnvironment: Readonly<Record<string, string>>;
  readonly onOutput?: (text: string) => void;
}

/**
 * Starts the server of the model container on a free port. Resolves once `/ping` answers.
 *
 * @throws TwinError `PROCESS_FAILED` with its last lines, if it ends or is not ready in time
 */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const { processes, command, modelDir, containerEnvironment, onOutput } = options;
  const port = await freePort();
  const child = processes.spawn(command, ["serve", "--model", modelDir, "--host", LOOPBACK, "--port", String(port)], {
    env: { ...process.env, ...containerEnvironment, PYTHONUNBUFFERED: "1" },
    ...(onOutput ? { onOutput } : {}),
  });
  const url = `http://${LOOPBACK}:${port}`;
  await untilReady(child, `${url}/ping`, "The model server");
  return { url, pid: child.pid, exited: child.exited, stop: () => child.stop() };
}
