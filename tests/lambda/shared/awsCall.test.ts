import { expect } from "chai";
import { ToolError } from "../../../contract/errors.js";
import { awsCall } from "../../../lambda/shared/awsCall.js";
import { awsError } from "../support/world.js";

describe("awsCall", () => {
  async function errorOf(action: string, error: Error): Promise<unknown> {
    return awsCall(action, Promise.reject(error)).catch((thrown: unknown) => thrown);
  }

  it("returns the answer of the call", async () => {
    expect(await awsCall("s3:GetObject", Promise.resolve("answer"))).to.equal("answer");
  });

  for (const [action, error, code] of [
    ["s3:GetObject", awsError("AccessDenied", "arn:secret", 403), "ACCESS_DENIED"],
    ["dynamodb:GetItem", awsError("ThrottlingException", "arn:secret"), "SERVICE_BUSY"],
    ["dynamodb:GetItem", awsError("AnyError", "arn:secret", 503), "SERVICE_BUSY"],
    ["s3:PutObject", Object.assign(new Error("arn:secret"), { code: "ECONNRESET" }), "SERVICE_BUSY"],
    ["sagemaker:InvokeEndpointAsync", awsError("ValidationError", "arn:secret"), "ENDPOINT_UNAVAILABLE"],
  ] as const) {
    it(`turns ${error.name} of ${action} into ${code}, without the message of AWS`, async () => {
      const thrown = await errorOf(action, error);

      expect(thrown).to.be.instanceOf(ToolError).and.include({ code, cause: error });
      expect((thrown as ToolError).message).not.to.include("secret");
      expect((thrown as ToolError).details).to.deep.equal({ action });
    });
  }

  it("throws other errors unchanged", async () => {
    const error = awsError("ValidationException", "wrong key");

    expect(await errorOf("dynamodb:GetItem", error)).to.equal(error);
  });
});
