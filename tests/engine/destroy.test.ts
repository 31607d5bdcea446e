import { expect } from "chai";
import { resourcePrefix } from "../../components/config/names.js";
import type { Deployment } from "./support/deployment.js";
import { describeEngine, fresh } from "./support/engine.js";
import { expectInOrder, lines } from "./support/expect.js";

const STACK = "defaults";
const PREFIX = resourcePrefix("protein-agent", STACK);

/** Resources that `destroy` keeps where data is retained: those with data, and those that protect it. */
const RETAINED = [
  "Bucket access-logs",
  "Bucket data",
  "BucketLifecycleConfiguration access-logs-lifecycle",
  "BucketLifecycleConfiguration data-lifecycle",
  "BucketLogging access-logging",
  "BucketOwnershipControls access-logs-ownership",
  "BucketOwnershipControls data-ownership",
  "BucketPolicy access-logs-policy",
  "BucketPolicy data-policy",
  "BucketPublicAccessBlock access-logs-public-access",
  "BucketPublicAccessBlock data-public-access",
  "BucketServerSideEncryptionConfiguration access-logs-encryption",
  "BucketServerSideEncryptionConfiguration data-encryption",
  "Image image-build",
  "LifecyclePolicy image-lifecycle",
  "Repository image-repository",
  "Table jobs",
];

describeEngine("destroy, with the real engine", () => {
  it("keeps only results, access logs, ledger and images where data is retained", async () => {
    const live = await fresh(STACK);
    storeResults(live);

    const end = await live.destroy();

    expect(end.messages).to.deep.equal([]);
    expect(end.failed).to.be.false;
    expect(inCloud(live)).to.have.members(RETAINED);
    expect(Object.values(live.cloud.state.objects).flat()).to.have.lengthOf(2);
    expect(Object.values(live.cloud.state.images).flatMap(Object.keys)).to.have.lengthOf(1);
    expect(live.inState()).to.deep.equal([]);
    const deleted = lines(end.calls, PREFIX);
    // A log group that is deleted before its writer is created again by the writer's last line.
    expectInOrder(deleted, ["delete Endpoint endpoint", "delete LogGroup endpoint-logs"]);
    expectInOrder(deleted, ["delete Function tools-function", "delete LogGroup tools-logs"]);
    expectInOrder(deleted, ["delete Target target", "delete Endpoint endpoint", "delete EndpointConfiguration config"]);
  });

  it("keeps the key of the retained data, and no part of the network", async () => {
    const live = await fresh("isolated");

    const end = await live.destroy();

    expect(end.messages).to.deep.equal([]);
    expect(inCloud(live, "protein-agent-isolated")).to.have.members([...RETAINED, "Key key"]);
  });

  it("does not block a new stack of the same name", async () => {
    const live = await fresh(STACK);
    const before = dataIds(live);
    await live.destroy();
    await live.forgetState();

    const again = await live.up();

    expect(again.messages).to.deep.equal([]);
    expect(again.failed).to.be.false;
    expect(dataIds(live)).to.include.members(before);
    expect(dataIds(live)).to.have.lengthOf(2 * before.length);
  });

  it("deletes everything, including results and images, where data is not retained", async () => {
    const live = await fresh(STACK);
    storeResults(live);
    await live.set({ retainData: "false" });

    const permission = await live.up();
    const end = await live.destroy();

    expect(lines(permission.calls, PREFIX)).to.have.members([
      "update Bucket access-logs: forceDestroy",
      "update Bucket data: forceDestroy",
      "update Repository image-repository: forceDelete",
      "update Table jobs: deletionProtectionEnabled",
    ]);
    expect(end.messages).to.deep.equal([]);
    expect(inCloud(live)).to.deep.equal([]);
    expect(live.cloud.state.objects).to.deep.equal({});
    expect(live.cloud.state.images).to.deep.equal({});
  });
});

/** Puts one object into each bucket, as SageMaker and S3 access logging do. */
function storeResults({ cloud }: Deployment): void {
  for (const { id } of cloud.all("aws:s3/bucket:Bucket")) cloud.state.objects[id] = ["async-inference-output/1.out"];
}

function dataIds({ cloud }: Deployment): string[] {
  return ["aws:s3/bucket:Bucket", "aws:dynamodb/table:Table", "aws:ecr/repository:Repository"].flatMap((type) =>
    cloud.all(type).map(({ id }) => id),
  );
}

/** The resources in the cloud, as `Type name` without the stack's prefix. */
function inCloud({ cloud }: Deployment, prefix = PREFIX): string[] {
  return cloud
    .everything()
    .map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name.replace(`${prefix}-`, "")}`);
}
