import {
  functionsAreTraced,
  logsHaveRetention,
  noSecretsInEnvironment,
  writersHaveLogGroups,
} from "../../policy/rules/functions.js";
import { describeRule, resource, urnOf, withUnknown } from "./support/cases.js";

const withVariables = (variables: Record<string, string>) => [
  resource("aws:lambda/function:Function", { environment: { variables } }),
];

const withBuildVariable = (variable: { name: string; value: string; type?: string }) => [
  resource("aws:codebuild/project:Project", {
    environment: {
      computeType: "BUILD_GENERAL1_SMALL",
      image: "i",
      type: "LINUX_CONTAINER",
      environmentVariables: [variable],
    },
  }),
];

describeRule(functionsAreTraced, {
  holds: [
    {
      what: "active tracing",
      stack: [resource("aws:lambda/function:Function", { tracingConfig: { mode: "Active" } })],
    },
  ],
  broken: [
    { what: "no tracing", stack: [resource("aws:lambda/function:Function", {})], says: /not traced/ },
    {
      what: "passive tracing",
      stack: [resource("aws:lambda/function:Function", { tracingConfig: { mode: "PassThrough" } })],
      says: /not traced/,
    },
  ],
});

describeRule(noSecretsInEnvironment, {
  holds: [
    {
      what: "a variable of a build that names a secret in Secrets Manager",
      stack: withBuildVariable({ name: "HF_TOKEN", value: "hub", type: "SECRETS_MANAGER" }),
    },
    { what: "no variables", stack: [resource("aws:lambda/function:Function", {})] },
    {
      what: "names of resources",
      stack: withVariables({ BUCKET_NAME: "data", NODE_OPTIONS: "--enable-source-maps", TOKENIZER: "esm" }),
    },
    {
      what: "a value that is not known yet",
      stack: [
        resource("aws:lambda/function:Function", { environment: { variables: withUnknown({ TABLE: "" }, "TABLE") } }),
      ],
    },
  ],
  broken: [
    {
      what: "a variable of a build with the name of a secret",
      stack: withBuildVariable({ name: "HF_TOKEN", value: "x" }),
      says: /Variable HF_TOKEN has the name of a secret/,
    },
    ...["HF_TOKEN", "DB_PASSWORD", "apiKey_API_KEY", "AWS_SECRET_ACCESS_KEY"].map((name) => ({
      what: `a variable ${name}`,
      stack: withVariables({ [name]: "x" }),
      says: new RegExp(`Variable ${name} has the name of a secret`),
    })),
    {
      what: "an access key",
      stack: withVariables({ USER: `AKIA${"A".repeat(16)}` }),
      says: /value of variable USER looks like/,
    },
    {
      what: "an address with a password",
      stack: withVariables({ DB: "postgres://me:word@host/db" }),
      says: /variable DB looks/,
    },
    {
      what: "a secret in the container",
      stack: [resource("aws:sagemaker/model:Model", { primaryContainer: { environment: { HF_TOKEN: "x" } } })],
      says: /HF_TOKEN/,
    },
  ],
});

describeRule(logsHaveRetention, {
  holds: [{ what: "a month", stack: [resource("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 30 })] }],
  broken: [
    { what: "no retention", stack: [resource("aws:cloudwatch/logGroup:LogGroup", {})], says: /keeps its logs forever/ },
    {
      what: "a retention of 0, which is for ever",
      stack: [resource("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 0 })],
      says: /keeps its logs forever/,
    },
  ],
});

const group = (name: string) => resource("aws:cloudwatch/logGroup:LogGroup", { name }, { name: "logs" });
const build = resource(
  "aws:codebuild/project:Project",
  { logsConfig: { cloudwatchLogs: { groupName: "/aws/codebuild/image" } } },
  { name: "build" },
);
const named = resource("aws:lambda/function:Function", { name: "tools" }, { name: "tools" });
const endpoint = resource("aws:sagemaker/endpoint:Endpoint", { name: "vep-endpoint" }, { name: "endpoint" });

describeRule(writersHaveLogGroups, {
  holds: [
    {
      what: "groups of the names that AWS gives",
      stack: [named, endpoint, group("/aws/lambda/tools"), group("/aws/sagemaker/Endpoints/vep-endpoint")],
    },
    { what: "a group that the build names", stack: [build, group("/aws/codebuild/image")] },
    {
      what: "a group that the function names",
      stack: [
        resource("aws:lambda/function:Function", { loggingConfig: { logFormat: "Text", logGroup: "own" } }),
        group("own"),
      ],
    },
    {
      what: "a group that is not made yet",
      stack: [
        group("/aws/lambda/tools"),
        resource(
          "aws:lambda/function:Function",
          { loggingConfig: withUnknown({ logFormat: "Text", logGroup: "" }, "logGroup") },
          { references: { loggingConfig: [urnOf("aws:cloudwatch/logGroup:LogGroup", "logs")] } },
        ),
      ],
    },
  ],
  broken: [
    {
      what: "a function without a group",
      stack: [named],
      says: /'tools' writes to a log group that the stack does not create/,
    },
    {
      what: "an endpoint without a group",
      stack: [endpoint, group("/aws/lambda/vep-endpoint")],
      says: /'endpoint' writes/,
    },
    { what: "a build without a group", stack: [build, group("/aws/codebuild/other")], says: /'build' writes/ },
    {
      what: "a group of somebody else",
      stack: [
        resource("aws:lambda/function:Function", { loggingConfig: { logFormat: "Text", logGroup: "theirs" } }),
        group("own"),
      ],
      says: /'resource' writes/,
    },
  ],
});
