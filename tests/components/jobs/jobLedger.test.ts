import { expect } from "chai";
import { planned } from "../../support/plannedStack.js";

const TABLE = "aws:dynamodb/table:Table";

describe("JobLedger", () => {
  it("keeps one item a job, found by state, by the model's version and by tag in the order of submission", async () => {
    const { one, parentOf } = await planned();

    const table = one(TABLE);

    expect(parentOf(table)?.type).to.equal("amplify-vep:index:JobLedger");
    expect(table.inputs).to.deep.include({ hashKey: "output_id", billingMode: "PAY_PER_REQUEST" });
    expect(table.inputs["globalSecondaryIndexes"]).to.deep.equal([
      index("by-state", "state"),
      index("by-model", "image_digest"),
      index("by-tag", "tag"),
    ]);
  });

  it("deletes expired jobs, and can be restored", async () => {
    const { one } = await planned();

    expect(one(TABLE).inputs).to.deep.include({
      ttl: { enabled: true, attributeName: "expires_at" },
      pointInTimeRecovery: { enabled: true },
    });
  });

  it("describes exactly the attributes of its keys", async () => {
    const { one } = await planned();

    const attributes = one(TABLE).inputs["attributes"] as { name: string }[];

    expect(attributes.map(({ name }) => name)).to.have.members([
      "output_id",
      "state",
      "image_digest",
      "tag",
      "submitted_at",
    ]);
  });

  it("outlives the stack unless retainData is false", async () => {
    const kept = (await planned()).one(TABLE);
    const gone = (await planned("default", { retainData: "false" })).one(TABLE);

    expect([kept.options.retainOnDelete, kept.inputs["deletionProtectionEnabled"]]).to.deep.equal([true, true]);
    expect([gone.options.retainOnDelete, gone.inputs["deletionProtectionEnabled"]]).to.deep.equal([false, false]);
  });

  it("has no fixed name, so that a kept table never blocks a new stack", async () => {
    const { one } = await planned();

    expect(one(TABLE).inputs).to.not.have.property("name");
  });
});

function index(name: string, attribute: string): unknown {
  const keySchemas = [
    { attributeName: attribute, keyType: "HASH" },
    { attributeName: "submitted_at", keyType: "RANGE" },
  ];
  return { name, keySchemas, projectionType: "ALL" };
}
