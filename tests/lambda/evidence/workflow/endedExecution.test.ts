import { DescribeExecutionCommand } from "@aws-sdk/client-sfn";
import { expect } from "chai";
import type { WorkflowData } from "../../../../contract/workflowData.js";
import { awsError, failed, SEQUENCE, succeeded } from "../../support/world.js";
import { WorkflowWorld } from "../support/workflowWorld.js";

describe("a workflow whose execution has ended without recording it", () => {
  let world: WorkflowWorld;
  let id: string;
  beforeEach(async () => {
    world = new WorkflowWorld();
    id = (await world.start({ sequence: SEQUENCE })).workflow_id;
  });

  const read = async (): Promise<WorkflowData> =>
    succeeded(await world.direct("get_workflow", { workflow_id: id })).data as WorkflowData;

  const stopDate = new Date("2026-03-01T12:00:40.000Z");
  for (const [execution, status, reason] of [
    ["FAILED", "failed", /failed, and could not record why/],
    ["TIMED_OUT", "failed", /did not end in time/],
    ["ABORTED", "cancelled", /was cancelled/],
  ] as const) {
    it(`is ${status} for an execution that is ${execution}, with the time of its end`, async () => {
      world.execution = { status: execution, stopDate };
      world.pass(61);

      const found = await read();
      const recorded = world.workflow(id);

      expect(found).to.include({ status, completion_time: stopDate.toISOString(), retry_after_seconds: null });
      expect(found.reason).to.match(reason);
      expect(recorded).to.include({ state: `workflow_${status}`, completed_at: stopDate.toISOString() });
    });
  }

  for (const status of ["RUNNING", "PENDING_REDRIVE", "SUCCEEDED"]) {
    it(`runs for an execution that is ${status}`, async () => {
      world.execution = { status };
      world.pass(61);

      expect((await read()).status).to.equal("running");
    });
  }

  it("asks for the state of the execution alone, which the stack's key does not encrypt, and only after a minute", async () => {
    world.execution = { status: "FAILED" };
    world.pass(59);
    const young = await read();
    const asked = (): unknown[] =>
      world.machineMock.commandCalls(DescribeExecutionCommand).map(({ args }) => args[0].input);
    const before = asked();
    world.pass(2);
    await read();
    await read();

    expect([young.status, before]).to.deep.equal(["running", []]);
    const { execution_arn: executionArn } = world.workflow(id);
    expect(asked()).to.deep.equal([{ executionArn, includedData: "METADATA_ONLY" }]);
  });

  it("has failed if it was never started: the call that began it was cut off", async () => {
    world.machineMock.on(DescribeExecutionCommand).rejects(awsError("ExecutionDoesNotExist"));
    world.pass(61);

    expect(await read()).to.include({ status: "failed", reason: "The workflow could not be started." });
    expect(failed(await world.direct("get_workflow_results", { workflow_id: id })).error_code).to.equal("NO_RESULT");
  });

  it("keeps the end that the execution has recorded meanwhile", async () => {
    world.machineMock.on(DescribeExecutionCommand).callsFake(async () => {
      await world.step({ task: "fail", workflow: id, error: { Error: "InputError", Cause: "no protein" } });
      return { status: "FAILED" };
    });
    world.pass(61);

    expect(await read()).to.include({ status: "failed", reason: "InputError: no protein" });
  });

  for (const error of ["AccessDeniedException", "ThrottlingException"]) {
    it(`is read as it is recorded where Step Functions answers ${error}, which is logged`, async () => {
      world.machineMock.on(DescribeExecutionCommand).rejects(awsError(error));
      world.pass(61);

      expect((await read()).status).to.equal("running");
      expect(world.logged).to.include("could not be looked at");
    });
  }

  it("is not stopped once more by a cancel", async () => {
    world.execution = { status: "FAILED" };
    world.pass(61);

    const { message, data } = succeeded(await world.direct("cancel_workflow", { workflow_id: id }));

    expect(message).to.include("had ended before as failed");
    expect((data as WorkflowData).status).to.equal("failed");
    expect(world.stopped).to.deep.equal([]);
  });
});
