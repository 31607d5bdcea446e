import { expect } from "chai";
import { explainExisting, refuseFailedCreation } from "../../../components/endpoint/endpointRecovery.js";

const URN = "urn:pulumi:dev::amplify-vep::aws:sagemaker/endpoint:Endpoint::dev-protein-agent-endpoint";
const INPUTS = { name: "dev-protein-agent-endpoint", endpointConfigName: "config-1" };
const LIVE = { ...INPUTS, arn: "arn:aws:sagemaker:us-east-1:123456789012:endpoint/dev-protein-agent-endpoint" };

/** An update of the endpoint, as Pulumi tells a hook of it. */
function update(oldOutputs: object, newInputs: object): Parameters<typeof refuseFailedCreation>[0] {
  return {
    urn: URN,
    id: "dev-protein-agent-endpoint",
    name: "dev-protein-agent-endpoint",
    type: "aws:sagemaker/endpoint:Endpoint",
    oldInputs: INPUTS,
    oldOutputs,
    newInputs,
  };
}

describe("an endpoint's recovery", () => {
  it("lets a live endpoint be updated", () => {
    const another = update(LIVE, { ...INPUTS, endpointConfigName: "config-2" });

    expect(() => {
      refuseFailedCreation(another);
    }).not.to.throw();
  });

  it("lets an update be tried again that was rolled back", () => {
    const again = update({ ...LIVE, endpointConfigName: "config-0" }, INPUTS);

    expect(() => {
      refuseFailedCreation(again);
    }).not.to.throw();
  });

  it("names the command where nothing changes: Pulumi only repairs a failed creation so", () => {
    const repair = update(LIVE, INPUTS);

    expect(() => {
      refuseFailedCreation(repair);
    }).to.throw(`pulumi up --replace '${URN}'`);
  });

  it("names the command when the settings changed, but the endpoint was never created", () => {
    const change = update(INPUTS, { ...INPUTS, endpointConfigName: "config-2" });

    expect(() => {
      refuseFailedCreation(change);
    }).to.throw("aws sagemaker describe-endpoint --endpoint-name dev-protein-agent-endpoint");
  });

  it("names the command that recovers where the endpoint exists already, and keeps SageMaker's words", () => {
    const error = 'ValidationException: Cannot create already existing endpoint "arn:aws:sagemaker:..."';
    const failed = { ...update({}, INPUTS), failedOperation: "create", errors: [error] };

    expect(() => explainExisting(failed))
      .to.throw(error)
      .with.property("message")
      .that.includes("npm run recover -- --stack dev");
  });

  it("adds nothing to another error", () => {
    const failed = { ...update({}, INPUTS), errors: ["ResourceLimitExceeded"] };

    expect(explainExisting({ ...failed, failedOperation: "create" })).to.be.false;
    expect(explainExisting({ ...failed, failedOperation: "update" })).to.be.false;
  });
});
