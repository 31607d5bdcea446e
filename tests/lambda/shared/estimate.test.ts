import { expect } from "chai";
import { MAX_IN_FLIGHT } from "../../../contract/limits.js";
import {
  estimate,
  hasRoom,
  modelSeconds,
  phaseOf,
  type EstimatedJob,
  type Queue,
} from "../../../lambda/shared/estimate.js";

const NOW = new Date("2026-03-01T12:00:00.000Z");

function job(length = 500, more: Partial<EstimatedJob> = {}): EstimatedJob {
  return { output_id: "own", state: "in_progress", sequence_length: length, scoring: "masked-marginals", ...more };
}

/** Jobs that were sent just now, each of `length` residues. */
function jobs(count: number, length = 500): EstimatedJob[] {
  return Array.from({ length: count }, (_, index) =>
    job(length, { output_id: `job ${index}`, sent_at: NOW.toISOString() }),
  );
}

function queue(instances: number, more: Partial<Queue> = {}, status = "InService"): Queue {
  const endpoint = { status, serving: status === "InService", instances };
  return { endpoint, jobs: [], concurrency: 4, times: undefined, ...more };
}

describe("phaseOf", () => {
  const cases: readonly (readonly [string, Queue, string | null])[] = [
    ["no instance", queue(0, { jobs: jobs(9) }), "warming"],
    ["a free instance", queue(1, { jobs: jobs(3) }), "running"],
    ["no free instance", queue(1, { jobs: jobs(4) }), "queued"],
    ["a free second instance", queue(2, { jobs: jobs(7) }), "running"],
    ["an endpoint that accepts no requests", queue(1, {}, "Failed"), null],
    ["an endpoint of unknown state", queue(1, { endpoint: undefined }), null],
    ["a queue that could not be read", queue(1, { jobs: undefined }), null],
  ];
  for (const [what, state, phase] of cases) {
    it(`with ${what} is ${phase ?? "unknown"}`, () => {
      expect(phaseOf(job(), state)).to.equal(phase);
    });
  }

  it("is queued for a job that was not sent yet, whatever is free", () => {
    expect(phaseOf(job(500, { state: "waiting" }), queue(1))).to.equal("queued");
  });

  it("counts only the jobs that were sent before", () => {
    const sent = job(500, { sent_at: "2026-03-01T11:00:00.000Z" });

    expect(phaseOf(sent, queue(1, { jobs: jobs(9) }))).to.equal("running");
  });
});

describe("estimate", () => {
  const seconds = (one: EstimatedJob, state: Queue, now = NOW): number =>
    (Date.parse(estimate(one, state, now).completion) - now.getTime()) / 1_000;

  it("grows with the length, the queue and the start of an instance", () => {
    expect(seconds(job(), queue(1))).to.be.below(seconds(job(5_000), queue(1)));
    expect(seconds(job(), queue(1))).to.be.below(seconds(job(), queue(1, { jobs: jobs(8) })));
    expect(seconds(job(), queue(2, { jobs: jobs(8) }))).to.be.below(seconds(job(), queue(1, { jobs: jobs(8) })));
    expect(seconds(job(), queue(0))).to.be.above(300);
  });

  it("adds up the measured times of all jobs that share the GPU", () => {
    const times = { jobSeconds: 0, tokenSeconds: 1e-4 };

    // 100 residues are 10,000 tokens, which take a second.
    expect(seconds(job(100), queue(1, { times }))).to.be.closeTo(1, 0.01);
    expect(seconds(job(100), queue(1, { times, jobs: jobs(9, 100) }))).to.be.closeTo(10, 0.01);
    expect(seconds(job(100), queue(2, { times, jobs: jobs(9, 100) }))).to.be.closeTo(5, 0.01);
  });

  it("divides the time that does not depend on the length by all requests that run at the same time", () => {
    const times = { jobSeconds: 1, tokenSeconds: 0 };

    expect(seconds(job(100), queue(1, { times, jobs: jobs(3, 100) }))).to.be.closeTo(1, 0.01);
    expect(seconds(job(100), queue(1, { times, jobs: jobs(49, 100) }))).to.be.closeTo(12.5, 0.01);
  });

  it("lets a short job end beside a long one, but not beside the batch that the model works on", () => {
    const times = { jobSeconds: 0, tokenSeconds: 1e-4 };

    expect(seconds(job(200), queue(1, { times, jobs: jobs(1, 1_000) }))).to.be.closeTo(8, 0.01);
    expect(seconds(job(10), queue(1, { times, jobs: jobs(1, 1_000) }))).to.be.closeTo(1.65, 0.01);
  });

  it("counts jobs that were sent at the same time, as far as they run beside the job", () => {
    const times = { jobSeconds: 0, tokenSeconds: 1e-4 };
    const sent = (length: number) => job(length, { sent_at: NOW.toISOString() });

    // 200 residues are 40,000 tokens, which take 4 s.
    expect(seconds(sent(200), queue(1, { times, jobs: jobs(2, 200) }))).to.be.closeTo(12, 0.01);
    expect(seconds(sent(200), queue(1, { times, jobs: jobs(9, 200) }))).to.be.closeTo(16, 0.01);
    expect(seconds(sent(200), queue(1, { times, jobs: jobs(2, 1_000) }))).to.be.closeTo(12, 0.01);
  });

  it("keeps the first estimate of a job, less the time since", () => {
    const sent = job(100, { sent_at: NOW.toISOString(), estimated_at: "2026-03-01T12:00:10.000Z" });
    const later = new Date(NOW.getTime() + 8_000);

    expect(seconds(sent, queue(1, { times: { jobSeconds: 60, tokenSeconds: 0 } }), later)).to.be.closeTo(2, 0.01);
  });

  it("is never in the past, and a late job is asked for after a tenth of its time so far", () => {
    const late = job(100, { sent_at: NOW.toISOString(), estimated_at: "2026-03-01T12:00:10.000Z" });
    const later = new Date(NOW.getTime() + 50_000);

    const { completion, retryAfterSeconds } = estimate(late, queue(1), later);

    expect(Date.parse(completion)).to.be.above(later.getTime());
    expect(retryAfterSeconds).to.equal(5);
  });

  it("asks again before the end, at most every fifth of a second and at least every minute", () => {
    const retry = (tokenSeconds: number): number =>
      estimate(job(100), queue(1, { times: { jobSeconds: 0, tokenSeconds } }), NOW).retryAfterSeconds;

    expect(retry(1e-9)).to.equal(0.2);
    expect(retry(1e-3)).to.equal(7);
    expect(retry(1)).to.equal(60);
  });
});

describe("modelSeconds", () => {
  it("counts one pass per window for wt-marginals", () => {
    const protein = { sequence_length: 1_000 };

    expect(modelSeconds({ ...protein, scoring: "wt-marginals" })).to.be.below(
      modelSeconds({ ...protein, scoring: "masked-marginals" }) / 100,
    );
  });

  it("takes less time for fewer masked copies", () => {
    const protein = { sequence_length: 1_000, scoring: "masked-marginals" as const };

    expect(modelSeconds({ ...protein, masked_copies: 10 })).to.equal(modelSeconds(protein) / 100);
  });
});

describe("hasRoom", () => {
  it("holds until the jobs in the queue need half of the time that SageMaker keeps a request", () => {
    // 100 residues take 100 s: in three hours, one instance has time for 108 of them.
    const times = { jobSeconds: 0, tokenSeconds: 1e-2 };
    const full = (count: number, maxCapacity: number) =>
      !hasRoom(job(100), queue(1, { times, jobs: jobs(count, 100) }), maxCapacity);

    expect(full(106, 1)).to.equal(false);
    expect(full(108, 1)).to.equal(true);
    expect(full(108, 2)).to.equal(false);
  });

  it("ends at a number of jobs, however short they are", () => {
    const times = { jobSeconds: 0, tokenSeconds: 0 };

    expect(hasRoom(job(), queue(1, { times, jobs: jobs(MAX_IN_FLIGHT - 1) }), 1)).to.equal(true);
    expect(hasRoom(job(), queue(1, { times, jobs: jobs(MAX_IN_FLIGHT) }), 1)).to.equal(false);
  });

  it("holds if the queue could not be read", () => {
    expect(hasRoom(job(), queue(1, { jobs: undefined }), 1)).to.equal(true);
  });
});
