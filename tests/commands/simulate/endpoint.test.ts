import { expect } from "chai";
import { ASSUMPTIONS } from "../../../commands/simulate/assumptions.js";
import { GpuWorker } from "../../../commands/simulate/gpuWorker.js";
import { Instance } from "../../../commands/simulate/instance.js";
import type { SimulatedJob } from "../../../commands/simulate/simulatedJob.js";
import { JobFeed } from "../../../commands/simulate/jobFeed.js";
import { fixedFleet, plainScaling } from "../../../commands/simulate/otherPolicies.js";
import { simulateEndpoint } from "../../../commands/simulate/simulateEndpoint.js";

const job = (gpuSeconds: number, arrival = 0, ioSeconds = 0): SimulatedJob => ({
  arrival,
  gpuSeconds,
  ioSeconds,
  sentAt: arrival,
  kills: 0,
});

const ENDPOINT = { instanceType: "ml.g6.2xlarge", gpus: 1, concurrency: 4, usdPerHour: 1 };

function run(
  jobs: readonly SimulatedJob[],
  scaling = fixedFleet(1),
  horizonSeconds = 3_600,
): ReturnType<typeof simulateEndpoint> {
  return simulateEndpoint(scaling, ENDPOINT, { name: "test", horizonSeconds, jobs }, ASSUMPTIONS);
}

describe("GpuWorker", () => {
  it("shares the GPU equally: two jobs of 10 s end after 20 s, and one that comes later waits for neither", () => {
    const worker = new GpuWorker();
    const [first, second, third] = [job(10), job(10), job(2)];

    worker.add(first, 0);
    worker.add(second, 0);
    expect(worker.next()).to.equal(20);
    worker.add(third, 6);
    // 3 s of each of the first two are done; the third needs 2 s at a third of the speed.
    expect(worker.next()).to.equal(12);
    expect(worker.advance(12)).to.deep.equal([third]);
    expect(worker.next()).to.equal(22);
    expect(worker.advance(22)).to.deep.equal([first, second]);
    expect(worker.next()).to.equal(Infinity);
  });
});

describe("Instance", () => {
  it("gives each of its GPUs the jobs of the other's length of queue", () => {
    const instance = new Instance(0, 0, 2);
    [10, 10, 10].forEach((seconds) => {
      instance.take(job(seconds), 0);
    });
    instance.advance(0);

    // One GPU has two jobs, the other one.
    expect(instance.next()).to.equal(10);
    expect(instance.advance(10).finished).to.have.length(1);
    expect(instance.next()).to.equal(20);
  });

  it("finishes what it can before the deadline, and kills the rest", () => {
    const instance = new Instance(0, 0, 1);
    const [short, long] = [job(10), job(100)];
    instance.take(short, 0);
    instance.take(long, 0);
    instance.advance(0);
    instance.stop(25);

    expect(instance.serving(1)).to.equal(false);
    expect(instance.advance(20)).to.deep.equal({ finished: [short], killed: [] });
    expect(instance.ended(20)).to.equal(false);
    expect(instance.advance(25)).to.deep.equal({ finished: [], killed: [long] });
    expect(instance.ended(25)).to.equal(true);
  });
});

describe("JobFeed", () => {
  it("sends 1,000 jobs at once, and 500 more each minute as others end", () => {
    const feed = new JobFeed(2);
    const jobs = Array.from({ length: 3_000 }, () => job(1));
    jobs.forEach((one) => {
      feed.submit(one, 0);
    });

    expect(feed.queue).to.have.length(1_000);
    expect(feed.unfinished).to.equal(3_000);
    feed.queue.splice(0, 700).forEach((one) => {
      feed.ended(one);
    });
    feed.sweep(60);
    expect(feed.queue).to.have.length(800);
  });

  it("sends no more than drains in three hours for each instance", () => {
    const feed = new JobFeed(1);
    Array.from({ length: 20 }, () => job(1_000)).forEach((one) => {
      feed.submit(one, 0);
    });

    expect(feed.queue).to.have.length(10);
  });

  it("gives up requests that SageMaker kept for too long", () => {
    const feed = new JobFeed(1);
    feed.submit(job(1), 0);
    feed.submit(job(1), 100);

    expect(feed.expired(50)).to.have.length(1);
    expect(feed.queue).to.have.length(1);
  });
});

describe("simulateEndpoint", () => {
  it("answers on a running instance after the time of the job alone, and counts the hours", () => {
    const { waits, instanceSeconds, killed } = run([job(10, 100, 2)]);

    expect(waits).to.deep.equal([12]);
    expect(instanceSeconds).to.equal(3_600);
    expect(killed).to.equal(0);
  });

  it("works on as many requests as fit, one after the other at the speed of one GPU", () => {
    const { waits } = run(Array.from({ length: 8 }, () => job(10, 0)));

    expect(waits.map(Math.round)).to.deep.equal([40, 40, 40, 40, 80, 80, 80, 80]);
  });

  it("starts from zero in the median time, with the plain policy after three minutes", () => {
    const exact = { ...ASSUMPTIONS, startSpread: 0 };
    const trace = { name: "test", horizonSeconds: 7_200, jobs: [job(10, 601)] };
    const { waits, samples } = simulateEndpoint(plainScaling(1), ENDPOINT, trace, exact);

    // Two minutes that show the request, one until the second is published, the start, and the job.
    expect(waits).to.deep.equal([179 + 643 + 10]);
    expect(samples.at(-1)).to.deep.include({ instances: 0, serving: 0, backlog: 0 });
  });

  it("overshoots with the plain policy: a start takes longer than its cooldown", () => {
    const { samples } = run([job(10, 0)], plainScaling(4), 7_200);

    expect(Math.max(...samples.map(({ instances }) => instances))).to.be.above(1);
  });

  it("kills long jobs with the plain policy, which are submitted again, and given up after five kills", () => {
    const { killed, lost, waits } = run([job(900, 0)], plainScaling(1), 7_200);

    expect(killed).to.equal(5);
    expect(lost).to.equal(1);
    expect(waits).to.have.length(1);
  });
});
