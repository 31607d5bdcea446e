import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { PROGRAMS } from "../../../local/twin/processes/programs.js";
import { sharedTwin } from "./support/sharedTwin.js";

const SCRIPT = fileURLToPath(new URL("support/boto3_client.py", import.meta.url));

describe("boto3 on the twin", () => {
  it("needs nothing but the environment that the twin prints", async () => {
    const { env, outputs } = await sharedTwin();
    const names = ["lambdaFunctionName", "endpointName", "jobTableName"].map((name) => String(outputs[name]));
    const sequence = "MAKLVVDNRAKLEWT";
    const { stdout } = await promisify(execFile)(PROGRAMS.python, [SCRIPT, ...names, sequence], {
      env: { PATH: process.env["PATH"], ...env },
    });
    const { functions, ...answers } = JSON.parse(stdout) as Record<string, unknown>;
    expect(functions).to.have.members([
      outputs["lambdaFunctionName"],
      ...["recorder", "sweeper"].map((name) => `${String(outputs["resourcePrefix"])}-${name}`),
    ]);
    expect(answers).to.deep.include({
      status: "completed",
      sequence_length: sequence.length,
      state: "completed",
      endpoint_status: "InService",
      refusal: "ValidationError",
      missing: { code: "NotImplemented", retries: 0 },
    });
    expect(answers["created"]).to.match(/^20\d\d-/);
  });
});
