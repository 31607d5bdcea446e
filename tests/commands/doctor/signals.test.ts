import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import { alarms, deadLetters } from "../../../commands/doctor/checks/signals.js";
import type { StackNames } from "../../../commands/doctor/stackNames.js";

const NAMES: StackNames = {
  stack: "dev",
  prefix: "vep-dev",
  endpoint: "vep-dev-endpoint",
  functions: [],
  logGroups: [],
  alarms: ["vep-dev-late-jobs", "vep-dev-endpoint-bad-image"],
};

describe("the doctor of a stack beside another, whose name begins alike", () => {
  it("takes the alarms of its own stack alone", async () => {
    const on = (AlarmName: string): MetricAlarm => ({
      AlarmName,
      StateValue: "ALARM",
      AlarmDescription: `${AlarmName} is on: somebody waits. Do something. Runbook: docs/runbook.md#late-jobs`,
    });
    const own = ["vep-dev-late-jobs-0a1b2c3", "vep-dev-endpoint-bad-image"];
    const others = ["vep-dev-2-late-jobs-0a1b2c3", "vep-dev-late-jobs-of-another"];
    mockClient(CloudWatchClient)
      .on(DescribeAlarmsCommand)
      .resolves({ MetricAlarms: [...own, ...others].map(on) });

    const found = await alarms(new CloudWatchClient({}), NAMES);

    expect(found.map(({ message }) => message.split(" ")[0])).to.deep.equal(own);
  });

  it("takes the dead letters of its own stack alone", async () => {
    const sqs = mockClient(SQSClient);
    const url = (name: string): string => `https://sqs.eu-west-1.amazonaws.com/123456789012/${name}`;
    const own = ["vep-dev-dead-letters-0a1b2c3", "vep-dev-fasta-dead-letters", "vep-dev-brake-dead-letters"];
    const QueueUrls = [...own, "vep-dev-2-dead-letters-0a1b2c3", "vep-dev-2-fasta-dead-letters"].map(url);
    sqs.on(ListQueuesCommand).resolves({ QueueUrls });
    sqs.on(GetQueueAttributesCommand).callsFake(({ QueueUrl }: { QueueUrl: string }) => ({
      Attributes: { ApproximateNumberOfMessages: "1", QueueArn: `arn:${QueueUrl.split("/").at(-1) ?? ""}` },
    }));

    const found = await deadLetters(new SQSClient({}), NAMES);

    expect(found.map(({ message }) => /are in (\S+)\.$/.exec(message)?.[1])).to.deep.equal(own);
    expect(found.map(({ fix = "" }) => fix.split("#")[1])).to.deep.equal([
      "dead-letters",
      "fasta-dead-letters",
      "brake-dead-letters",
    ]);
  });
});
