import { expect } from "chai";
import { SAVED_QUERIES } from "../../../contract/savedQueries.js";
import { ACCOUNT, planned } from "../../support/plannedStack.js";

const ON = { resultsCatalog: "true" };
const TABLE = "aws:glue/catalogTable:CatalogTable";
const DATABASE = "protein_agent_default_results";

describe("ResultsCatalog", () => {
  it("adds nothing to a stack unless it is switched on", async () => {
    const [off, on] = await Promise.all([planned(), planned("default", ON)]);

    const added = on.resources.filter(({ urn }) => !off.resources.some((resource) => resource.urn === urn));

    const ofStore = ({ type, name }: { type: string; name: string }): boolean =>
      /aws:(glue|athena)/.test(type) || /-(results|merge)-/.test(name);
    expect(off.resources.filter(ofStore)).to.deep.equal([]);
    expect(off.one("aws:dynamodb/table:Table").inputs).to.not.have.property("streamEnabled");
    expect(off.outputs).to.not.have.property("resultsWorkgroup");
    const homes = added.map((resource) => on.parentOf(resource)?.type ?? resource.type);
    expect(homes).to.include.members(["amplify-vep:index:ResultsCatalog", "amplify-vep:index:ResultsWriter"]);
    expect(on.outputs["resultsWorkgroup"]).to.equal("protein-agent-default-results");
  });

  it("declares the files by projection, with the folders that the functions write to", async () => {
    const { one, outputs } = await planned("default", ON);

    const { inputs } = one(TABLE, "-results-results-files");

    expect(inputs).to.include({ name: "results_files", databaseName: DATABASE, tableType: "EXTERNAL_TABLE" });
    expect(inputs["partitionKeys"]).to.deep.equal([
      { name: "stage", type: "string" },
      { name: "day", type: "string" },
    ]);
    expect(inputs["parameters"]).to.include({
      "projection.enabled": "true",
      "projection.stage.values": "new,merged",
      "projection.day.type": "date",
      "projection.day.range": "2025-01-01,NOW",
      "storage.location.template": `s3://${String(outputs["s3BucketName"])}/results/stage=\${stage}/day=\${day}/`,
    });
  });

  it("declares the views in the form in which Athena reads them, with the columns of the files", async () => {
    const { one } = await planned("default", ON);

    for (const table of ["results", "jobs"]) {
      const { inputs } = one(TABLE, `-${table}-view`);
      const files = one(TABLE, `-${table}-files`).inputs;
      const [, encoded = ""] = /^\/\* Presto View: (\S+) \*\/$/.exec(String(inputs["viewOriginalText"])) ?? [];
      const view = JSON.parse(Buffer.from(encoded, "base64").toString()) as Record<string, unknown>;

      expect(inputs).to.deep.include({ name: table, parameters: { presto_view: "true", comment: "Presto View" } });
      expect(view).to.include({ catalog: "awsdatacatalog", schema: DATABASE });
      const names = (value: unknown): string[] => (value as { name: string }[]).map(({ name }) => name);
      const columns = (files["storageDescriptor"] as { columns: unknown }).columns;
      expect(names(view["columns"])).to.deep.equal([...names(columns), "day"]);
      expect(names((inputs["storageDescriptor"] as { columns: unknown }).columns)).to.deep.equal(
        names(view["columns"]),
      );
    }
  });

  for (const [encryption, expected] of [
    ["sse-s3", { encryptionOption: "SSE_S3" }],
    ["kms", { encryptionOption: "SSE_KMS" }],
  ] as const) {
    it(`enforces limit, place and encryption of results with ${encryption}`, async () => {
      const { one, outputs } = await planned("default", { ...ON, encryption });

      const { configuration } = one("aws:athena/workgroup:Workgroup").inputs as {
        configuration: { resultConfiguration: { encryptionConfiguration: Record<string, unknown> } };
      };

      expect(configuration).to.include({
        enforceWorkgroupConfiguration: true,
        bytesScannedCutoffPerQuery: 107_374_182_400,
        publishCloudwatchMetricsEnabled: true,
      });
      expect(configuration.resultConfiguration).to.include({
        outputLocation: `s3://${String(outputs["s3BucketName"])}/query-results/`,
        expectedBucketOwner: ACCOUNT,
      });
      expect(configuration.resultConfiguration.encryptionConfiguration).to.deep.include(expected);
      expect("kmsKeyArn" in configuration.resultConfiguration.encryptionConfiguration).to.equal(encryption === "kms");
    });
  }

  it("saves every query in the workgroup, with the very text that the tests run", async () => {
    const { all } = await planned("default", ON);

    const saved = all("aws:athena/namedQuery:NamedQuery").map(({ inputs }) => [inputs["name"], inputs["query"]]);

    expect(saved).to.deep.equal(Object.entries(SAVED_QUERIES).map(([name, { sql }]) => [name, sql.trim()]));
  });

  it("deletes the results of queries after a week", async () => {
    const { one } = await planned("default", ON);

    const { rules } = one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "-data-lifecycle")
      .inputs as { rules: { id: string }[] };

    expect(rules.find(({ id }) => id === "query-results")).to.deep.include({
      filter: { prefix: "query-results/" },
      expiration: { days: 7 },
    });
  });
});
