import { expect } from "chai";
import { Fleet, type ModelServer } from "../../../../local/twin/sagemaker/fleet.js";
import type { Exit } from "../../../../local/twin/processes/processes.js";
import { ManualClock, settled } from "../support/manualClock.js";
import { rejection } from "../support/until.js";

interface FakeServer extends ModelServer {
  die(exit: Exit): void;
  stopped: boolean;
}

function aServer(): FakeServer {
  let die: (exit: Exit) => void = () => undefined;
  const exited = new Promise<Exit>((resolve) => (die = resolve));
  const server: FakeServer = {
    url: "http://127.0.0.1:1",
    pid: 1,
    exited,
    stopped: false,
    die,
    stop: () => {
      server.stopped = true;
      die({ code: 0, signal: null });
      return Promise.resolve();
    },
  };
  return server;
}

/** A fleet with a manual clock, whose first `failures` starts fail. */
function aFleet(minCapacity: number, options: { wakeMs?: number; failures?: number } = {}) {
  const clock = new ManualClock();
  const servers: FakeServer[] = [];
  const events: string[] = [];
  let failures = options.failures ?? 0;
  const fleet = new Fleet({
    clock,
    minCapacity,
    wakeMs: options.wakeMs ?? 0,
    idleMs: 300_000,
    onChange: (event) => events.push(event),
    launch: () => {
      if (failures-- > 0) return Promise.reject(new Error("out of memory"));
      const server = aServer();
      servers.push(server);
      return Promise.resolve(server);
    },
  });
  return { clock, fleet, servers, events };
}

describe("the fleet of an endpoint", () => {
  it("has an instance from the start if the smallest number is 1", async () => {
    const { fleet } = aFleet(1);
    await fleet.start();
    expect(fleet.ready).to.equal(1);
    expect(fleet.desired).to.equal(1);
  });

  it("starts without an instance if the smallest number is 0, and starts one for a job", async () => {
    const { clock, fleet, servers } = aFleet(0, { wakeMs: 120_000 });
    await fleet.start();
    expect(servers).to.be.empty;
    expect(fleet.desired).to.equal(0);

    fleet.observe(1);
    await clock.advance(119);
    expect(servers).to.be.empty;
    await clock.advance(1);
    expect(fleet.ready).to.equal(1);
  });

  it("stops its instance after a time without work, and starts another for the next job", async () => {
    const { clock, fleet, servers } = aFleet(0);
    fleet.observe(1);
    await clock.advance(0);
    fleet.observe(0);
    await clock.advance(299);
    expect(servers[0]?.stopped).to.be.false;

    await clock.advance(1);
    expect(servers[0]?.stopped).to.be.true;
    expect(fleet.ready).to.equal(0);
    fleet.observe(1);
    await clock.advance(0);
    expect(servers).to.have.lengthOf(2);
  });

  it("keeps its instance if a job arrives in time", async () => {
    const { clock, fleet, servers } = aFleet(0);
    fleet.observe(1);
    await clock.advance(0);
    fleet.observe(0);
    await clock.advance(200);
    fleet.observe(1);
    await clock.advance(3600);
    expect(servers[0]?.stopped).to.be.false;
  });

  it("never stops its last instance if the smallest number is 1", async () => {
    const { clock, fleet, servers } = aFleet(1);
    await fleet.start();
    fleet.observe(0);
    await clock.advance(86_400);
    expect(servers[0]?.stopped).to.be.false;
  });

  it("replaces an instance that ends by itself, and reports how it ended", async () => {
    const { clock, fleet, servers, events } = aFleet(1);
    await fleet.start();
    servers[0]?.die({ code: null, signal: "SIGKILL" });
    await settled();
    expect(fleet.ready).to.equal(0);
    expect(fleet.desired).to.equal(1);
    expect(events.at(-1)).to.contain("SIGKILL");

    await clock.advance(1);
    expect(fleet.ready).to.equal(1);
    expect(servers).to.have.lengthOf(2);
  });

  it("rejects if the first start fails", async () => {
    const { fleet } = aFleet(1, { failures: 1 });
    expect((await rejection(fleet.start())).message).to.equal("out of memory");
  });

  it("tries a failed start again with growing delays, and reports the reason", async () => {
    const { clock, fleet, events } = aFleet(0, { failures: 2 });
    fleet.observe(1);
    await clock.advance(0);
    expect(events.at(-1)).to.contain("out of memory");
    await clock.advance(1);
    expect(fleet.ready).to.equal(0);
    await clock.advance(2);
    expect(fleet.ready).to.equal(1);
  });

  it("replaces no instance once it is stopped", async () => {
    const { clock, fleet, servers } = aFleet(1);
    await fleet.start();
    await fleet.stop();
    await clock.advance(3600);
    expect(servers).to.have.lengthOf(1);
    expect(clock.pending).to.equal(0);
  });
});
