import { LOOPBACK, freePort } from "../../../../local/twin/processes/ports.js";
import { MOTO_SERVER } from "../../../../local/twin/moto/moto.js";
import type { Processes } from "../../../../local/twin/processes/processes.js";
import { PROGRAMS } from "../../../../local/twin/processes/programs.js";
import { untilReady } from "../../../../local/twin/processes/ready.js";

/** Python changes between its threads so often that a check and its write are seldom done in one go. */
const HURRIED = `
import runpy, sys
sys.setswitchinterval(1e-6)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
`;

/** Starts moto as the twin does, but with threads that interrupt each other all the time. Returns its address. */
export async function startHurriedMoto(processes: Processes): Promise<string> {
  const port = await freePort();
  const options = [MOTO_SERVER, String(port), String(port)];
  const child = processes.spawn(PROGRAMS.python, ["-c", HURRIED, ...options], { env: process.env });
  const address = `http://${LOOPBACK}:${port}`;
  await untilReady(child, `${address}/moto-api/`, "moto");
  return address;
}
