import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { TwinError } from "../../../../local/twin/errors.js";
import { Processes } from "../../../../local/twin/processes/processes.js";
import { isAlive, untilGone } from "../support/alive.js";
import { HOLDER, type Held } from "../support/holder.js";
import { until } from "../support/until.js";

/** A program that holds processes, as the twin does. */
async function startHolder(): Promise<Held & { program: ChildProcess }> {
  const program = spawn(process.execPath, ["--import=tsx", HOLDER], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: program.stdout }), "line")) as [string];
  return { program, ...(JSON.parse(line) as Held) };
}

describe("the twin's processes", () => {
  for (const signal of ["SIGKILL", "SIGINT"] as const) {
    it(`end with the twin, and so do their own, when it gets ${signal}`, async () => {
      const { program, pids, folder } = await startHolder();
      expect(pids.every(isAlive)).to.be.true;
      program.kill(signal);
      await untilGone(pids);
      await until("the removal of the scratch folder", () => (existsSync(folder) ? undefined : true));
    });
  }

  it("end when they are stopped, even if they ignore SIGTERM", async () => {
    const processes = new Processes();
    const script = `process.on("SIGTERM", () => undefined); console.log("up"); setInterval(() => undefined, 1000);`;
    const child = processes.spawn(process.execPath, ["-e", script], { env: process.env });
    await until("the first line", () => child.lastLines() || undefined);
    await processes.stop();
    expect(await child.exited).to.deep.equal({ code: null, signal: "SIGKILL" });
    expect(isAlive(child.pid)).to.be.false;
  });

  it("keep their last lines for an error message", async () => {
    const processes = new Processes();
    const child = processes.spawn(process.execPath, ["-e", `console.error("no model"); process.exit(4)`], {
      env: process.env,
    });
    expect(await child.exited).to.deep.equal({ code: 4, signal: null });
    expect(child.lastLines()).to.equal("no model");
    await processes.stop();
  });

  it("are not started if the twin is stopping or the program is not installed", async () => {
    const processes = new Processes();
    const start = (program: string) => () => processes.spawn(program, [], { env: {} });
    expect(start("/nowhere/moto_server"))
      .to.throw(TwinError, "/nowhere/moto_server")
      .with.property("code", "NOT_INSTALLED");
    await processes.stop();
    expect(start(process.execPath)).to.throw(TwinError, "stopping");
  });
});
