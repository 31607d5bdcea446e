import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { functionLogs } from "../../../../local/twin/functions/logs.js";
import { until } from "../support/until.js";

describe("the logs of functions", () => {
  // Mocks this client only: other tests use real ones.
  const client = { logs: new CloudWatchLogsClient({ region: "us-east-1" }) };
  const logs = mockClient(client.logs);

  beforeEach(() => logs.reset());

  const puts = () => logs.commandCalls(PutLogEventsCommand).map(({ args }) => args[0].input);

  it("are written in one request for each log stream, in order", async () => {
    const { write } = functionLogs(client, () => undefined, 1);
    write("group", "one", "START a\nEND a\n");
    write("group", "two", "START b\n");
    write("group", "one", "START c\n");
    await until("both streams", () => (puts().length === 2 ? true : undefined));
    const messages = puts().map(({ logStreamName, logEvents }) => [
      logStreamName,
      ...(logEvents ?? []).map(({ message }) => message),
    ]);
    expect(messages).to.deep.equal([
      ["one", "START a", "END a", "START c"],
      ["two", "START b"],
    ]);

    write("group", "one", "START d\n");
    await until("the next batch", () => puts()[2]);
    expect(logs.commandCalls(CreateLogStreamCommand)).to.have.lengthOf(2);
  });

  it("report what cannot be written, and go on", async () => {
    const failures: unknown[] = [];
    const { write } = functionLogs(client, (error) => failures.push(error), 1);
    logs.on(PutLogEventsCommand).rejectsOnce(new Error("no such group")).resolves({});
    write("unknown", "one", "lost\n");
    await until("the failure", () => failures[0]);
    expect(failures[0]).to.have.property("message", "no such group");
    write("group", "two", "kept\n");
    await until("the next batch", () => puts()[1]);
  });

  it("are written before their emulator ends, and nothing after that", async () => {
    const { write, close } = functionLogs(client, () => undefined, 60_000);
    write("group", "one", "last\n");

    await close();
    expect(puts().map(({ logEvents }) => logEvents?.[0]?.message)).to.deep.equal(["last"]);
    write("group", "one", "late\n");
    await close();
    expect(puts()).to.have.length(1);
  });
});
