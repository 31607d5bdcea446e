import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { mockClient } from "aws-sdk-client-mock";
import { expect } from "chai";
import type { ActivePointer } from "../../../contract/models.js";
import { guard } from "../../../lambda/models/guard.js";

const NOW = new Date("2026-03-01T12:00:00.000Z");

const ACTIVATED: ActivePointer = {
  version: "v2",
  previous: "base",
  changed_at: "2026-03-01T11:30:00.000Z",
  by: "arn:aws:iam::123456789012:user/ana",
  reason: "better",
  forced: [],
};

/** An alarm's change of state, as CloudWatch sends it. */
function alarm(alarmName: string, value = "ALARM"): object {
  return {
    source: "aws.cloudwatch",
    alarmArn: `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${alarmName}`,
    alarmData: { alarmName, state: { value, reason: "Threshold Crossed: 0.4" } },
  };
}

describe("the guard of model versions", () => {
  const ssm = mockClient(SSMClient);

  beforeEach(() => {
    ssm.reset();
  });

  /** What the guard writes, given the pointer and an event. */
  async function guarded(pointer: object, event: object): Promise<ActivePointer | undefined> {
    ssm.on(GetParameterCommand).resolves({ Parameter: { Value: JSON.stringify(pointer) } });
    ssm.on(PutParameterCommand).resolves({});
    await guard(event, {
      ssm: new SSMClient({ region: "us-east-1" }),
      pointer: "/protein/models/active",
      alarms: { "v2-failing": "v2", "base-failing": "base" },
      telemetry: { info: () => undefined, warn: () => undefined },
      now: () => NOW,
    });
    const [put] = ssm.commandCalls(PutParameterCommand);
    return put && (JSON.parse(put.args[0].input.Value ?? "") as ActivePointer);
  }

  it("rolls back a version that fails within an hour of its activation, and says why", async () => {
    expect(await guarded(ACTIVATED, alarm("v2-failing"))).to.deep.equal({
      version: "base",
      previous: "v2",
      changed_at: NOW.toISOString(),
      by: "modelGuard",
      reason: "v2-failing: Threshold Crossed: 0.4",
      forced: [],
    });
    expect(ssm.commandCalls(PutParameterCommand)[0]?.args[0].input).to.include({
      Name: "/protein/models/active",
      Overwrite: true,
    });
  });

  for (const [what, pointer, event] of [
    ["the end of an alarm", ACTIVATED, alarm("v2-failing", "OK")],
    ["an alarm of another version", ACTIVATED, alarm("base-failing")],
    ["an alarm that it does not know", ACTIVATED, alarm("other")],
    [
      "an alarm long after the activation",
      { ...ACTIVATED, changed_at: "2026-03-01T10:59:59.000Z" },
      alarm("v2-failing"),
    ],
    ["an alarm of a version without one before", { ...ACTIVATED, previous: null }, alarm("v2-failing")],
    ["an alarm where the version before was retired", { ...ACTIVATED, previous: "v1" }, alarm("v2-failing")],
    ["an alarm after its own roll back", { ...ACTIVATED, by: "modelGuard" }, alarm("v2-failing")],
    ["a pointer that is none", { version: "v2" }, alarm("v2-failing")],
  ] as const) {
    it(`changes nothing for ${what}`, async () => {
      expect(await guarded(pointer, event)).to.equal(undefined);
    });
  }
});
