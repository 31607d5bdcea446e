import { expect } from "chai";
import { Cloud } from "./provider/cloud.js";
import { text } from "./provider/outputs.js";
import { checkInputs, diffInputs } from "./provider/plan.js";
import { UnknownTypeError } from "./provider/replacement.js";
import type { Properties } from "./provider/wire.js";

const BUCKET = "aws:s3/bucket:Bucket";
const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const MODEL = "aws:sagemaker/model:Model";
const TARGET = "aws:appautoscaling/target:Target";
const SEED = new Uint8Array([1, 2, 3]);

describe("the simulated providers", () => {
  it("generate a missing physical name, and keep it at updates", () => {
    const first = checkInputs(MODEL, "model", { olds: {}, news: {}, seed: SEED });
    const second = checkInputs(MODEL, "model", { olds: first, news: {}, seed: new Uint8Array([9]) });

    expect(first["name"]).to.match(/^model-[0-9a-f]{7}$/);
    expect(second["name"]).to.equal(first["name"]);
  });

  it("replace where AWS cannot update, and update otherwise", () => {
    const renamed = diffInputs(
      ENDPOINT,
      { name: "a", endpointConfigName: "c1" },
      { name: "b", endpointConfigName: "c1" },
    );
    const rolled = diffInputs(
      ENDPOINT,
      { name: "a", endpointConfigName: "c1" },
      { name: "a", endpointConfigName: "c2" },
    );

    expect(renamed.replacing).to.deep.equal(["name"]);
    expect(rolled.replacing).to.deep.equal([]);
    expect(rolled.changed).to.deep.equal(["endpointConfigName"]);
  });

  it("replace an endpoint when automatic rollback is enabled or disabled, but not when its alarms change", () => {
    const off = { name: "a", deploymentConfig: {} };
    const on = { name: "a", deploymentConfig: { autoRollbackConfiguration: { alarms: [{ alarmName: "x" }] } } };
    const other = { name: "a", deploymentConfig: { autoRollbackConfiguration: { alarms: [{ alarmName: "y" }] } } };

    expect(diffInputs(ENDPOINT, off, on).replacing).to.deep.equal(["deploymentConfig"]);
    expect(diffInputs(ENDPOINT, on, other).replacing).to.deep.equal([]);
  });

  it("fail for a type without an entry in the table of replacements", () => {
    expect(() => diffInputs("aws:ec2/instance:Instance", {}, {})).to.throw(UnknownTypeError);
  });

  it("reject another instance type while the variant is registered as a scalable target", () => {
    const cloud = liveEndpoint();
    make(cloud, TARGET, { resourceId: "endpoint/live/variant/AllTraffic" });
    make(cloud, CONFIGURATION, configuration("second", "ml.g5.2xlarge"));
    const update = { type: ENDPOINT, name: "live", id: "live", changed: ["endpointConfigName"] };
    const inputs = { name: "live", endpointConfigName: "second" };

    expect(() => cloud.update({ ...update, inputs })).to.throw("registered as a scalable target");

    cloud.delete({ type: TARGET, name: "target", id: "endpoint/live/variant/AllTraffic" });
    expect(cloud.update({ ...update, inputs })).to.include(inputs);
  });

  it("reject an endpoint whose rollback alarm does not exist", () => {
    const deploymentConfig = { autoRollbackConfiguration: { alarms: [{ alarmName: "none" }] } };
    const inputs = { name: "other", endpointConfigName: "first", deploymentConfig };

    expect(() => make(liveEndpoint(), ENDPOINT, inputs)).to.throw("there is no");
  });

  it("wait an hour for the update of an endpoint, which then continues in AWS", () => {
    const update = (terminationWaitInSeconds: number): (() => Properties) => {
      const trafficRoutingConfiguration = { type: "ALL_AT_ONCE", waitIntervalInSeconds: 600 };
      const deploymentConfig = { blueGreenUpdatePolicy: { trafficRoutingConfiguration, terminationWaitInSeconds } };
      const inputs = { name: "live", endpointConfigName: "first", deploymentConfig };
      return () => cloud.update({ type: ENDPOINT, name: "live", id: "live", changed: ["deploymentConfig"], inputs });
    };
    const cloud = liveEndpoint();

    expect(update(2357)).to.not.throw();
    expect(update(2358)).to.throw("timeout while waiting for state to become 'InService'");
    expect(cloud.find(ENDPOINT, "live")?.inputs).to.have.nested.property(
      "deploymentConfig.blueGreenUpdatePolicy.terminationWaitInSeconds",
      2358,
    );
  });

  it("reject the deletion of a configuration in use and of a bucket that is not empty", () => {
    const cloud = liveEndpoint();
    make(cloud, BUCKET, { bucket: "results", forceDestroy: false });
    cloud.state.objects["results"] = ["1.out"];

    expect(() => {
      cloud.delete({ type: CONFIGURATION, name: "first", id: "first" });
    }).to.throw("DeleteConflict");
    expect(() => {
      cloud.delete({ type: BUCKET, name: "results", id: "results" });
    }).to.throw("BucketNotEmpty");
    expect(cloud.find(BUCKET, "results")).not.to.be.undefined;
  });

  it("reject the deletion of a bucket in which an endpoint configuration stores results", () => {
    const cloud = liveEndpoint();
    make(cloud, BUCKET, { bucket: "results", forceDestroy: true });
    const asyncInferenceConfig = { outputConfig: { s3OutputPath: "s3://results/async-inference-output/" } };
    make(cloud, CONFIGURATION, { ...configuration("second", "ml.g6.2xlarge"), asyncInferenceConfig });

    expect(() => {
      cloud.delete({ type: BUCKET, name: "results", id: "results" });
    }).to.throw("DeleteConflict");
  });

  it("reject the update and the deletion of an endpoint that a killed CLI left in progress", () => {
    const cloud = liveEndpoint();
    const inputs = { name: "live", endpointConfigName: "first", tags: {} };
    const update = (): unknown =>
      cloud.update({ type: ENDPOINT, name: "live", id: "live", changed: ["tags"], inputs: { ...inputs } });
    cloud.leaveInProgress({ operation: "update", type: ENDPOINT, name: "live", id: "live", changed: [] });

    expect(update).to.throw("Cannot update in-progress endpoint");
    expect(() => {
      cloud.delete({ type: ENDPOINT, name: "live", id: "live" });
    }).to.throw("Cannot update in-progress endpoint");
    cloud.settle();
    expect(update).not.to.throw();
  });

  it("reject a name that is in use and a reference to a missing resource", () => {
    const cloud = liveEndpoint();

    expect(() => make(cloud, ENDPOINT, { name: "live", endpointConfigName: "first" })).to.throw("already existing");
    expect(() => make(cloud, ENDPOINT, { name: "other", endpointConfigName: "none" })).to.throw("there is no");
    expect(cloud.find(ENDPOINT, "other")).to.be.undefined;
  });
});

/** A cloud with the endpoint `live` and its configuration `first`. */
function liveEndpoint(): Cloud {
  const cloud = new Cloud();
  make(cloud, "aws:iam/role:Role", { name: "role" });
  make(cloud, MODEL, { name: "model", executionRoleArn: "arn:aws:iam::123456789012:role/role" });
  make(cloud, CONFIGURATION, configuration("first", "ml.g6.2xlarge"));
  make(cloud, ENDPOINT, { name: "live", endpointConfigName: "first" });
  return cloud;
}

function configuration(name: string, instanceType: string): Properties {
  return { name, productionVariants: [{ variantName: "AllTraffic", modelName: "model", instanceType }] };
}

function make(cloud: Cloud, type: string, inputs: Properties): { id: string } {
  return cloud.create({ type, name: text(inputs["name"]), inputs });
}
