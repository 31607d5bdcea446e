import { PutObjectCommand } from "@aws-sdk/client-s3";
import { InvokeEndpointAsyncCommand } from "@aws-sdk/client-sagemaker-runtime";
import { expect } from "chai";
import { effectsOf } from "../../support/effects.js";
import { awsError, BUCKET, failed, SEQUENCE, jobEnvironment, ToolsWorld } from "../support/world.js";

describe("invoke_endpoint", () => {
  let world: ToolsWorld;

  beforeEach(() => {
    world = new ToolsWorld();
  });

  describe("a new job", () => {
    it("is stored in S3 before the endpoint is invoked with the address", async () => {
      const { output_id: id } = await world.submit({ sequence: SEQUENCE });

      const stored = world.objects.get(`s3://${BUCKET}/async-inference-input/${id}.json`);
      expect(JSON.parse(stored?.text ?? "")).to.deep.equal({ sequence: SEQUENCE, scoring: "masked-marginals" });
      const [put] = world.s3.commandCalls(PutObjectCommand);
      const [invocation] = world.runtime.commandCalls(InvokeEndpointAsyncCommand);
      expect(put?.calledBefore(invocation as never)).to.be.true;
      expect(invocation?.args[0].input).to.deep.equal({
        EndpointName: "protein-endpoint",
        InputLocation: `s3://${BUCKET}/async-inference-input/${id}.json`,
        ContentType: "application/json",
        Accept: "application/json",
        InferenceId: `${id}.1`,
        CustomAttributes: "model-version=sha256:1111",
        RequestTTLSeconds: 21_600,
        InvocationTimeoutSeconds: 900,
      });
    });

    it("is recorded with its model and the addresses that SageMaker chose, without its sequence", async () => {
      const data = await world.submit({ sequence: SEQUENCE, name: "my protein" });

      const job = world.job(data.output_id);
      expect(job).to.include({
        state: "in_progress",
        attempt: 1,
        submitted_at: "2026-03-01T12:00:00.000Z",
        expires_at: Date.parse("2027-03-01T12:00:00.000Z") / 1_000,
        model: "chandar-lab/AMPLIFY_120M",
        image_digest: "sha256:1111",
        sequence_length: 65,
        masked_copies: 65,
        output_location: data.s3_output_path,
      });
      expect(job.failure_location).to.match(/-error\.out$/);
      expect(JSON.stringify(job)).not.to.include("MKTVRQ");
    });

    it("is answered with id, phase, S3 address and estimate", async () => {
      const data = await world.submit();

      expect(data).to.include({ status: "in_progress", phase: "running", cached: false, sequence_length: 65 });
      expect(data.output_id).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(data.estimated_completion_time > world.now.toISOString()).to.be.true;
      expect(data.retry_after_seconds).to.be.within(1, 60);
    });

    it("is sent to the container in canonical form, without its name", async () => {
      const { output_id: id } = await world.submit({
        sequence: SEQUENCE,
        name: "a name",
        scoring: "wt-marginals",
        variants: "p.Arg5Ala, K2R;T3A",
        positions: "40, 10-20,21-25",
      });

      const stored = world.objects.get(`s3://${BUCKET}/async-inference-input/${id}.json`);
      expect(JSON.parse(stored?.text ?? "")).to.deep.equal({
        sequence: SEQUENCE,
        scoring: "wt-marginals",
        variants: ["K2R;T3A", "R5A"],
        positions: "10-25,40",
      });
    });

    it("gets the name of the FASTA record if the call has no name", async () => {
      const { output_id: id } = await world.submit({ sequence: `>P12345 some protein\n${SEQUENCE}` });

      const { submission_id } = await world.submit({ sequence: `>P12345 some protein\n${SEQUENCE}` });
      expect((await world.results(id, { submission_id })).name).to.equal("P12345");
    });

    it("is a different job for another model version", async () => {
      const other = new ToolsWorld(jobEnvironment({ MODEL_VERSION: "sha256:2222" }));

      const [first, second] = [await world.submit(), await other.submit()];

      expect(first.output_id).not.to.equal(second.output_id);
    });
  });

  describe("a job that was submitted before", () => {
    it("is the same job while it is unfinished, and is invoked once", async () => {
      const first = await world.submit();

      const again = await world.submit({ sequence: SEQUENCE.toLowerCase(), name: "another name" });

      expect(again.output_id).to.equal(first.output_id);
      expect(again).to.include({ status: "in_progress", cached: false, s3_output_path: first.s3_output_path });
      expect(world.invocations).to.equal(1);
    });

    it("answers at once when it is completed, as cached", async () => {
      const { output_id: id } = await world.submit();
      world.write(id, "output", effectsOf(SEQUENCE));
      world.pass(30);

      const again = await world.submit();

      expect(again).to.include({
        output_id: id,
        status: "completed",
        phase: null,
        cached: true,
        retry_after_seconds: 0,
      });
      expect(world.job(id)).to.include({ state: "completed", attempt: 1 });
      expect(world.invocations).to.equal(1);
    });

    for (const [what, storageClass] of [
      ["was deleted", undefined],
      ["was archived", "GLACIER" as const],
    ] as const) {
      it(`is computed again if its result ${what}`, async () => {
        const { output_id: id } = await world.submit();
        world.write(id, "output", effectsOf(SEQUENCE));
        await world.results(id);
        if (storageClass) world.write(id, "output", effectsOf(SEQUENCE), { storageClass });
        else world.objects.clear();

        const again = await world.submit();

        expect(again).to.include({ status: "in_progress", cached: false });
        expect(world.job(id)).to.include({ state: "in_progress", attempt: 2, inference_id: `${id}.2` });
        expect(world.invocations).to.equal(2);
      });
    }

    it("starts a new attempt if it failed, without the attributes of the failed one", async () => {
      const { output_id: id } = await world.submit();
      world.write(id, "failure", { error_code: "OUT_OF_MEMORY", message: "not even one copy fits" });
      await world.results(id);

      await world.submit();

      expect(world.job(id)).to.include({ state: "in_progress", attempt: 2 });
      expect(world.job(id)).not.to.have.any.keys("reason", "completed_at");
      expect(world.invocations).to.equal(2);
    });

    it("starts a new attempt after its retention period", async () => {
      const { output_id: id } = await world.submit();
      world.write(id, "output", effectsOf(SEQUENCE));
      world.pass(366 * 86_400);

      const again = await world.submit();

      expect(again).to.include({ status: "in_progress", cached: false });
      expect(world.job(id).attempt).to.equal(2);
    });

    it("starts the next attempt of an interrupted submission once it cannot run any more, not before", async () => {
      const { output_id: id } = await world.submit();
      world.table.items.set(id, { ...world.job(id), state: "submitting" });

      const soon = await world.submit();
      world.pass(91);
      const later = await world.submit();

      expect(soon).to.include({ status: "in_progress", cached: false });
      expect(later.status).to.equal("in_progress");
      expect(world.job(id).attempt).to.equal(2);
      expect(world.invocations).to.equal(2);
    });

    it("is the job of another call that started it first", async () => {
      const { output_id: id } = await world.submit();
      const theirs = { ...world.job(id), state: "submitting" as const, inference_id: `${id}.1` };
      world.table.items.clear();
      world.table.beforeNextWrite = () => world.table.items.set(id, theirs);

      const data = await world.submit();

      expect(data).to.include({ output_id: id, status: "in_progress", cached: false });
      expect(world.job(id)).to.deep.equal(theirs);
      expect(world.invocations).to.equal(1);
    });
  });

  describe("a job above the time limit", () => {
    const long = { sequence: "M".repeat(10_000) };

    beforeEach(() => {
      world = new ToolsWorld(jobEnvironment({ MAX_INVOCATION_SECONDS: "300" }));
    });

    it("is refused, with nothing stored or started", async () => {
      const refused = failed(await world.call({ tool_name: "invoke_endpoint", ...long }));

      expect(refused.error_code).to.equal("JOB_TOO_LONG");
      expect(refused.message).to.include("476 s").and.include("300 s");
      expect(world.untouched).to.be.true;
    });

    it("is accepted with fewer positions, which its estimate takes into account", async () => {
      const few = await world.submit({ ...long, positions: "1-100" });

      expect(world.job(few.output_id).masked_copies).to.equal(100);
      expect(Date.parse(few.estimated_completion_time) - world.now.getTime()).to.be.below(10_000);
    });
  });

  describe("phase and estimate", () => {
    it("is warming if no instance runs, and takes minutes", async () => {
      world.endpoint.ProductionVariants = [{ VariantName: "AllTraffic", CurrentInstanceCount: 0 }];

      const data = await world.submit();

      expect(data.phase).to.equal("warming");
      expect(data.retry_after_seconds).to.equal(60);
      expect(Date.parse(data.estimated_completion_time) - world.now.getTime()).to.be.above(300_000);
    });

    it("is queued if the instances work on as many jobs as they can", async () => {
      const residues = ["A", "C", "D", "E"];
      for (const residue of residues) await world.submit({ sequence: `${SEQUENCE}${residue}` });
      world.pass(1);

      const fifth = await world.submit();

      expect(fifth.phase).to.equal("queued");
    });

    it("is null, without an error, if the endpoint's state cannot be read", async () => {
      world.sageMaker.reset();
      world.sageMaker.onAnyCommand().rejects(awsError("ThrottlingException"));

      const data = await world.submit();

      expect(data).to.include({ status: "in_progress", phase: null });
      expect(world.logged).to.include("SERVICE_BUSY");
    });
  });

  describe("an error of AWS", () => {
    const refusals = [
      ["ValidationError", "ENDPOINT_UNAVAILABLE"],
      ["ThrottlingException", "SERVICE_BUSY"],
      ["TimeoutError", "SERVICE_BUSY"],
      ["ServiceUnavailable", "SERVICE_BUSY"],
      ["AccessDeniedException", "ACCESS_DENIED"],
    ] as const;

    for (const [name, code] of refusals) {
      it(`${name} is ${code}, and the next submission tries again`, async () => {
        world.refusal = awsError(name, "secret of arn:aws:iam::123456789012:role/tools");

        const answer = failed(await world.call({ tool_name: "invoke_endpoint", sequence: SEQUENCE }));
        const [first] = world.table.items.values();

        expect(answer.error_code).to.equal(code);
        expect(answer.message).not.to.include("secret");
        expect(first).to.include({ state: "failed", attempt: 1, reason: answer.message });
        expect(world.logged).to.include('"JobsFailed":1').and.not.include("JobsSubmitted");
        world.refusal = undefined;
        await world.submit();
        expect(world.job(first?.output_id ?? "")).to.include({ state: "in_progress", attempt: 2 });
      });
    }

    it("when the request is stored: nothing is recorded or invoked", async () => {
      world.s3.on(PutObjectCommand).rejects(awsError("AccessDenied", "AccessDenied", 403));

      const answer = failed(await world.call({ tool_name: "invoke_endpoint", sequence: SEQUENCE }));

      expect(answer).to.include({ error_code: "ACCESS_DENIED" });
      expect(answer.details).to.deep.equal({ action: "s3:PutObject" });
      expect(world.untouched).to.be.true;
    });
  });

  it("counts submitted and cached jobs", async () => {
    const { output_id: id } = await world.submit();
    expect(world.logged).to.include('"JobsSubmitted":1').and.include('"SequenceLength":65');
    world.write(id, "output", effectsOf(SEQUENCE));
    world.logged = "";

    await world.submit();

    expect(world.logged).to.include('"JobsCached":1').and.include('"JobsCompleted":1');
    expect(world.logged).not.to.include("JobsSubmitted");
  });
});
