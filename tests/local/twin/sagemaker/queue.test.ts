import { expect } from "chai";
import { withoutAnswer, type Job, type Outcome } from "../../../../local/twin/sagemaker/job.js";
import { AsyncQueue } from "../../../../local/twin/sagemaker/queue.js";
import { aJob } from "../support/jobs.js";
import { ManualClock, settled } from "../support/manualClock.js";

const ANSWER: Outcome = { status: "Completed", body: Buffer.from("{}"), contentType: "application/json" };

/** A queue whose jobs end when the test calls `answer`. */
function aQueue() {
  const clock = new ManualClock();
  const started: Job[] = [];
  const settledJobs: { job: Job; outcome: Outcome }[] = [];
  const finish = new Map<Job, (outcome: Outcome) => void>();
  const queue = new AsyncQueue({
    clock,
    work: (job, signal) => {
      started.push(job);
      return new Promise((resolve) => {
        finish.set(job, resolve);
        signal.addEventListener("abort", () => {
          resolve(withoutAnswer("Failed", (signal.reason as Error).message));
        });
      });
    },
    onOutcome: (job, outcome) => {
      settledJobs.push({ job, outcome });
      return Promise.resolve();
    },
    onChange: () => undefined,
  });
  const answer = (index: number): void => {
    const job = started[index];
    if (job) finish.get(job)?.(ANSWER);
  };
  return { clock, queue, started, settledJobs, answer };
}

describe("the asynchronous queue", () => {
  it("starts nothing while there is no instance", async () => {
    const { queue, started } = aQueue();
    queue.add(aJob());
    await settled();
    expect(started).to.be.empty;
    expect(queue.waiting).to.equal(1);
    expect(queue.running).to.equal(0);
  });

  it("runs as many jobs at a time as it has slots, in the order of their arrival", async () => {
    const { queue, started, answer } = aQueue();
    const jobs = [aJob(), aJob(), aJob()];
    jobs.forEach((job) => {
      queue.add(job);
    });
    queue.setSlots(2);
    await settled();
    expect(started).to.deep.equal(jobs.slice(0, 2));

    answer(0);
    await settled();
    expect(started).to.deep.equal(jobs);
    expect(queue.waiting).to.equal(0);
    expect(queue.running).to.equal(2);
  });

  it("expires a job that waits longer than its time to live, and never starts it", async () => {
    const { clock, queue, started, settledJobs } = aQueue();
    queue.add(aJob({ ttlSeconds: 60 }));
    await clock.advance(59);
    expect(settledJobs).to.be.empty;

    await clock.advance(1);
    queue.setSlots(1);
    await settled();
    expect(settledJobs).to.have.lengthOf(1);
    expect(settledJobs[0]?.outcome.status).to.equal("Expired");
    expect(settledJobs[0]?.outcome.reason).to.contain("RequestTTLSeconds (60 s)");
    expect(started).to.be.empty;
    expect(queue.waiting).to.equal(0);
  });

  it("does not expire a job that runs", async () => {
    const { clock, queue, settledJobs } = aQueue();
    queue.setSlots(1);
    queue.add(aJob({ ttlSeconds: 60, timeoutSeconds: 3600 }));
    await clock.advance(120);
    expect(settledJobs).to.be.empty;
    expect(queue.running).to.equal(1);
  });

  it("fails a job that the model does not answer in time, and starts the next", async () => {
    const { clock, queue, started, settledJobs } = aQueue();
    queue.setSlots(1);
    queue.add(aJob({ timeoutSeconds: 10 }));
    queue.add(aJob());
    await clock.advance(10);
    expect(settledJobs[0]?.outcome.status).to.equal("Failed");
    expect(settledJobs[0]?.outcome.reason).to.contain("InvocationTimeoutSeconds (10 s)");
    expect(started).to.have.lengthOf(2);
  });

  it("leaves no timer behind", async () => {
    const { clock, queue, answer } = aQueue();
    queue.setSlots(1);
    queue.add(aJob());
    answer(0);
    await settled();
    expect(clock.pending).to.equal(0);
  });

  it("stores no outcome once it is stopped", async () => {
    const { clock, queue, settledJobs } = aQueue();
    queue.setSlots(1);
    queue.add(aJob());
    queue.add(aJob({ ttlSeconds: 60 }));
    queue.stop();
    await clock.advance(3600);
    expect(settledJobs).to.be.empty;
  });
});
