import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { expect } from "chai";
import { clientOptions } from "../../../../local/twin/account.js";
import { startMoto } from "../../../../local/twin/moto/moto.js";
import { freePort } from "../../../../local/twin/processes/ports.js";
import { Processes } from "../../../../local/twin/processes/processes.js";
import { PROGRAMS } from "../../../../local/twin/processes/programs.js";

/** So many states take a while to read. */
const STATES = 200;

describe("an execution of a state machine", () => {
  const processes = new Processes();
  let machines: SFNClient;

  before(async () => {
    const port = await freePort();
    await startMoto(processes, PROGRAMS.python, port);
    machines = new SFNClient({ ...clientOptions(`http://127.0.0.1:${port}`), maxAttempts: 1 });
  });
  after(() => processes.stop());

  it("can be stopped right after its start", async () => {
    const wait = (index: number) => ({
      Type: "Wait",
      Seconds: 600,
      Next: index === STATES ? "End" : `Wait${index + 1}`,
    });
    const waits = Object.fromEntries(
      Array.from({ length: STATES }, (_, index) => [`Wait${index + 1}`, wait(index + 1)]),
    );
    const definition = JSON.stringify({ StartAt: "Wait1", States: { ...waits, End: { Type: "Succeed" } } });
    const { stateMachineArn } = await machines.send(
      new CreateStateMachineCommand({ name: "waits", roleArn: "arn:aws:iam::123456789012:role/waits", definition }),
    );
    const { executionArn } = await machines.send(new StartExecutionCommand({ stateMachineArn }));

    await machines.send(new StopExecutionCommand({ executionArn }));

    const { status } = await machines.send(new DescribeExecutionCommand({ executionArn }));
    expect(status).to.equal("ABORTED");
  });
});
