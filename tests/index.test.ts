import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { planned } from "./support/plannedStack.js";

const OUTPUTS = [
  "lambdaFunctionName",
  "lambdaFunctionArn",
  "endpointName",
  "endpointArn",
  "endpointConfigName",
  "modelName",
  "imageUri",
  "s3BucketName",
  "s3BucketArn",
  "asyncInferenceInputPath",
  "asyncInferenceOutputPath",
  "asyncInferenceFailurePath",
  "executionRoleArn",
  "jobTableName",
  "notificationTopicArns",
  "dashboardUrl",
  "resourcePrefix",
];

/** Types of AWS that take no tags. */
const UNTAGGED = [
  /^random:/,
  /^aws:bedrock\/agentcoreGatewayTarget:/,
  /^aws:cognito\/(resourceServer|userPoolClient|userPoolDomain):/,
  /^aws:apigateway\/(deployment|methodSettings|usagePlanKey):/,
  /^docker-build:/,
  /^aws:s3\/bucket[A-Z]/,
  /^aws:ecr\/lifecyclePolicy:/,
  /^aws:iam\/rolePolicy:/,
  /^aws:dynamodb\/resourcePolicy:/,
  /^aws:appautoscaling\/policy:/,
  /^aws:sns\/topic(Policy|Subscription):/,
  /^aws:sqs\/(queuePolicy|redriveAllowPolicy):/,
  /^aws:lambda\/permission:/,
  /^aws:cloudwatch\/eventTarget:/,
  /^aws:cloudwatch\/(dashboard|queryDefinition):/,
  /^aws:lambda\/invocation:/,
  /^aws:ec2\/routeTableAssociation:/,
  /^aws:athena\/namedQuery:/,
  /^aws:glue\/catalogTable:/,
  /^aws:cloudwatch\/eventTarget:/,
  /^aws:lambda\/permission:/,
  /^aws:scheduler\/schedule:/,
];

for (const [stack, prefix, instanceType, min, max, retention] of [
  ["default", "protein-agent-default", "ml.g6.2xlarge", 1, 2, 30],
  ["dev", "dev-protein-agent", "ml.g6.2xlarge", 0, 1, 14],
  ["prod", "prod-protein-agent", "ml.g6.4xlarge", 1, 10, 30],
] as const) {
  describe(`The program as ${stack}`, () => {
    it("exports every output, none of them empty", async () => {
      const { outputs } = await planned(stack);

      expect(outputs).to.have.all.keys(...OUTPUTS);
      expect(Object.values(outputs)).to.satisfy((values: unknown[]) =>
        values.flat().every((value) => typeof value === "string" && value !== ""),
      );
      expect(outputs["notificationTopicArns"]).to.have.length(2);
      expect(outputs["resourcePrefix"]).to.equal(prefix);
    });

    it("has the size that its file asks for", async () => {
      const { one } = await planned(stack);

      const config = one("aws:sagemaker/endpointConfiguration:EndpointConfiguration").inputs;
      const logs = one("aws:cloudwatch/logGroup:LogGroup", "-tools-logs").inputs;

      expect(config).to.have.nested.property("productionVariants[0].instanceType", instanceType);
      expect(one("aws:appautoscaling/target:Target").inputs).to.include({ minCapacity: min, maxCapacity: max });
      expect(logs["retentionInDays"]).to.equal(retention);
    });

    it("parents everything to a component", async () => {
      const { resources } = await planned(stack);

      const orphans = resources.filter(({ custom, parent }) => custom && parent === undefined);

      expect(orphans.map(({ urn }) => urn)).to.deep.equal([]);
    });

    it("names everything after the prefix", async () => {
      const { resources } = await planned(stack);

      expect(resources.filter(({ name }) => !name.startsWith(prefix)).map(({ name }) => name)).to.deep.equal([]);
    });

    it("tags whatever takes tags, and says so itself", async () => {
      const { resources } = await planned(stack);

      const taggable = resources.filter(
        ({ custom, type }) => custom && !UNTAGGED.some((untagged) => untagged.test(type)),
      );

      expect(taggable.length).to.be.greaterThan(10);
      for (const { inputs, urn } of taggable) {
        expect(inputs["tags"], urn).to.include({ Stack: stack, ManagedBy: "Pulumi" });
        expect(inputs["tags"], urn).to.have.property("Project").that.is.a("string");
      }
    });

    it("keeps all logs for a time, and no group without", async () => {
      const { all } = await planned(stack);

      expect(all("aws:cloudwatch/logGroup:LogGroup").map(({ inputs }) => inputs["retentionInDays"])).to.deep.equal(
        Array(4).fill(retention),
      );
    });

    it("registers the same twice", async () => {
      const { resources } = await planned(stack);
      const again = await planned(stack, { retainData: "true" });

      const described = (list: typeof resources): unknown[] =>
        list.map(({ urn, inputs }) => [urn, JSON.stringify(inputs)]).sort();
      expect(described(again.resources)).to.deep.equal(described(resources));
    });
  });
}

describe("The program with everything switched on", () => {
  const everything = {
    encryption: "kms",
    network: "isolated",
    flowLogs: "true",
    minCapacity: "0",
    alarmEmail: "lab@example.org",
    resultsCatalog: "true",
    stream: "true",
    fastaDrop: "true",
    scan: "true",
    scanSchedule: "cron(0 3 ? * SUN *)",
    scanTimeZone: "Europe/Berlin",
    scanInput: "uploads/proteome.fasta",
    api: "true",
    apiCache: "true",
    apiKeys: "lab",
    agentGateway: "true",
    monthlyBudgetUsd: "200",
    evidence: "true",
    genomeSources: "s3://our-genomes/fasta/",
  };

  it("tags whatever takes tags", async () => {
    const { resources } = await planned("default", everything);

    const untagged = resources.filter(
      ({ custom, type, inputs }) => custom && !("tags" in inputs) && !UNTAGGED.some((kind) => kind.test(type)),
    );

    expect(untagged.map(({ urn }) => urn)).to.deep.equal([]);
  });

  it("has all components and no name twice", async () => {
    const { resources } = await planned("default", everything);

    expect(resources.filter(({ custom }) => !custom)).to.have.length(29);
    expect(new Set(resources.map(({ urn }) => urn))).to.have.property("size", resources.length);
  });
});

describe("The program in another partition", () => {
  it("writes no ARN of the partition aws by itself, but in what it suggests", () => {
    const files = readdirSync("components", { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".ts"),
    );
    const sources = files.map((file) => [file, readFileSync(`components/${file}`, "utf8")] as const);

    expect(sources.filter(([, text]) => text.includes("arn:aws:")).map(([file]) => file)).to.deep.equal([
      "config/keys.ts",
    ]);
  });
});
