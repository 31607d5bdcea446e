import { expect } from "chai";
import { startCannedAws } from "../../../commands/bench/cannedAws.js";

describe("canned AWS", () => {
  it("answers 500 with the reason to an operation that it does not know", async () => {
    const aws = await startCannedAws();
    try {
      const headers = { "x-amz-target": "DynamoDB_20120810.DeleteTable" };
      const response = await fetch(aws.endpointUrl, { method: "POST", headers, body: "{}" });

      expect(response.status).to.equal(500);
      expect(await response.text()).to.contain("DeleteTable");
    } finally {
      await aws.stop();
    }
  });
});
