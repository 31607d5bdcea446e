import { expect } from "chai";
import { openApi } from "../../../contract/openApi.js";
import { ACCOUNT, planned, REGION, type PlannedStack } from "../../support/plannedStack.js";

const ON = { api: "true" };
const API = "aws:apigateway/restApi:RestApi";
const STAGE = "aws:apigateway/stage:Stage";
const SETTINGS = "aws:apigateway/methodSettings:MethodSettings";

interface Method {
  readonly security?: readonly Record<string, string[]>[];
  readonly parameters?: unknown;
  readonly requestBody?: unknown;
  readonly responses: object;
  readonly "x-amazon-apigateway-integration": {
    readonly type: string;
    readonly uri?: string;
    readonly timeoutInMillis?: number;
    readonly cacheKeyParameters?: readonly string[];
    readonly responses?: { readonly default: { readonly responseTemplates: Record<string, string> } };
  };
}

interface Body {
  readonly paths: Record<string, Record<string, Method>>;
  readonly components: { readonly schemas: object; readonly securitySchemes: Record<string, Record<string, unknown>> };
  readonly "x-amazon-apigateway-request-validators": object;
  readonly "x-amazon-apigateway-gateway-responses": Record<string, { responseTemplates: Record<string, string> }>;
}

function bodyOf({ one }: PlannedStack): Body {
  return JSON.parse(String(one(API).inputs["body"])) as Body;
}

function methodsOf(stack: PlannedStack): [string, string, Method][] {
  return Object.entries(bodyOf(stack).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, string, Method] => [path, method, operation]),
  );
}

describe("HttpApi", () => {
  it("is no part of a stack without it", async () => {
    const { resources, outputs } = await planned("default");

    expect(resources.filter(({ type }) => /^aws:(apigateway|cognito)/.test(type))).to.deep.equal([]);
    expect(outputs).to.not.have.any.keys("apiUrl", "apiTokenUrl", "apiClientId", "apiClientSecret");
  });

  it("has the methods of the contract, with its parameters and bodies", async () => {
    // As JSON, so that what is undefined is not there.
    const asked = (paths: object) =>
      JSON.stringify(paths, (key, value: unknown) =>
        ["responses", "security", "summary"].includes(key) || key.startsWith("x-") ? undefined : value,
      );

    for (const uploads of [true, false]) {
      const stack = await planned("default", { ...ON, fastaDrop: String(uploads) });

      expect(JSON.parse(asked(bodyOf(stack).paths))).to.deep.equal(
        JSON.parse(asked(openApi({ uploads, evidence: false }).paths)),
      );
    }
  });

  it("calls the tools' function, with a signature of IAM, within the time of API Gateway, after validation", async () => {
    const stack = await planned("default", ON);
    const { components, ...body } = bodyOf(stack);

    for (const [path, method, operation] of methodsOf(stack)) {
      const { type, uri, timeoutInMillis } = operation["x-amazon-apigateway-integration"];
      expect(type, `${method} ${path}`).to.equal("aws_proxy");
      expect(uri).to.include(`${String(stack.outputs["lambdaFunctionArn"])}/invocations`);
      expect(timeoutInMillis).to.equal(29_000);
      expect(operation.security).to.deep.equal([{ caller: [] }]);
    }
    expect(components.securitySchemes["caller"]).to.include({ "x-amazon-apigateway-authtype": "awsSigv4" });
    expect(body["x-amazon-apigateway-request-validators"]).to.deep.equal({
      all: { validateRequestBody: true, validateRequestParameters: true },
    });
  });

  it("lets API Gateway call the function for this API and version alone", async () => {
    const { one, resources } = await planned("default", ON);
    const api = resources.find(({ type }) => type === API);

    expect(one("aws:lambda/permission:Permission", "-api-call").inputs).to.deep.include({
      function: "protein-agent-default-async-endpoint-lambda",
      principal: "apigateway.amazonaws.com",
      sourceAccount: ACCOUNT,
    });
    expect(String(one("aws:lambda/permission:Permission", "-api-call").inputs["sourceArn"])).to.match(
      new RegExp(`^arn:aws:execute-api:${REGION}:${ACCOUNT}:[a-z0-9]+/v1/\\*$`),
    );
    expect(api).to.not.equal(undefined);
  });

  it("deploys again when the document changes, and only then", async () => {
    const hash = async (config: Record<string, string>) =>
      (await planned("default", { ...ON, ...config })).one("aws:apigateway/deployment:Deployment").inputs["triggers"];

    expect(await hash({ apiCache: "true" })).to.deep.equal(await hash({}));
    expect(await hash({ apiKeys: "lab" })).to.not.deep.equal(await hash({}));
    expect(await hash({ network: "isolated" })).to.not.deep.equal(await hash({}));
  });

  it("logs who called, in an encrypted group of the stack, and neither query nor body", async () => {
    const stack = await planned("default", { ...ON, encryption: "kms" });
    const { accessLogSettings, xrayTracingEnabled } = stack.one(STAGE).inputs as {
      accessLogSettings: { destinationArn: string; format: string };
      xrayTracingEnabled: boolean;
    };
    const logs = stack.one("aws:cloudwatch/logGroup:LogGroup", "-api-logs").inputs;
    const key = stack.one("aws:kms/key:Key").inputs;

    expect(accessLogSettings.destinationArn).to.include("log-group:/aws/apigateway/protein-agent-default-api");
    expect(Object.values(JSON.parse(accessLogSettings.format) as object).join(" ")).to.not.match(
      /query|body|path\.|\$context\.path/,
    );
    expect(xrayTracingEnabled).to.equal(true);
    expect(logs["kmsKeyId"]).to.be.a("string").that.is.not.equal("");
    expect(key["policy"]).to.include("/aws/apigateway/protein-agent-default-api");
    expect(stack.one(SETTINGS, "-api-methods").inputs["settings"]).to.include({
      loggingLevel: "OFF",
      dataTraceEnabled: false,
      metricsEnabled: true,
    });
  });

  it("caches nothing by default, and with apiCache the results alone, by all of their parameters", async () => {
    const plain = await planned("default", ON);
    const cached = await planned("default", { ...ON, apiCache: "true" });
    const settings = cached.all(SETTINGS).map(({ inputs }) => inputs);

    expect(plain.one(STAGE).inputs).to.not.have.property("cacheClusterEnabled");
    expect(plain.all(SETTINGS)).to.have.length(1);
    expect(cached.one(STAGE).inputs).to.include({ cacheClusterEnabled: true, cacheClusterSize: "0.5" });
    const enabled = settings.filter(({ settings: one }) => (one as { cachingEnabled: boolean }).cachingEnabled);
    expect(enabled.map(({ methodPath }) => methodPath)).to.deep.equal(["predictions/{output_id}/result/GET"]);
    expect(enabled[0]?.["settings"]).to.include({ cacheTtlInSeconds: 300, cacheDataEncrypted: true });
    for (const [path, method, { parameters = [], ...operation }] of methodsOf(cached)) {
      const keys = operation["x-amazon-apigateway-integration"].cacheKeyParameters;
      const isResult = method === "get" && path.endsWith("/result");
      expect(keys?.length, path).to.equal(isResult ? (parameters as unknown[]).length : undefined);
    }
  });

  it("asks for an API key beside the signature, never instead of it, and counts each key", async () => {
    const stack = await planned("default", { ...ON, apiKeys: "lab-a,lab-b", apiDailyQuota: "500" });

    for (const [, , { security }] of methodsOf(stack)) expect(security).to.deep.equal([{ caller: [], key: [] }]);
    expect(stack.all("aws:apigateway/apiKey:ApiKey").map(({ inputs }) => inputs["name"])).to.deep.equal([
      "protein-agent-default-api-lab-a",
      "protein-agent-default-api-lab-b",
    ]);
    expect(stack.one("aws:apigateway/usagePlan:UsagePlan").inputs["quotaSettings"]).to.deep.equal({
      limit: 500,
      period: "DAY",
    });
    expect(stack.all("aws:apigateway/usagePlanKey:UsagePlanKey")).to.have.length(2);
  });

  it("takes tokens of its own pool with apiAuth cognito, which has no users and one client with a secret", async () => {
    const stack = await planned("default", { ...ON, apiAuth: "cognito" });
    const pool = stack.one("aws:cognito/userPool:UserPool");

    expect(bodyOf(stack).components.securitySchemes["caller"]).to.deep.include({
      "x-amazon-apigateway-authtype": "cognito_user_pools",
    });
    for (const [, , { security }] of methodsOf(stack)) {
      expect(security).to.deep.equal([{ caller: ["protein-agent-default-api-tokens/call"] }]);
    }
    expect(pool.inputs["adminCreateUserConfig"]).to.deep.equal({ allowAdminCreateUserOnly: true });
    expect(stack.one("aws:cognito/userPoolClient:UserPoolClient").inputs).to.deep.include({
      generateSecret: true,
      allowedOauthFlows: ["client_credentials"],
      allowedOauthScopes: ["protein-agent-default-api-tokens/call"],
    });
    expect(stack.outputs).to.include.keys("apiTokenUrl", "apiClientId", "apiClientSecret");
  });

  it("answers browsers of the configured origins without the function, and of no others", async () => {
    const plain = await planned("default", ON);
    const open = await planned("default", { ...ON, apiOrigins: "https://a.example.org,https://b.example.org" });
    const preflights = methodsOf(open).filter(([, method]) => method === "options");
    const variables = open.one("aws:lambda/function:Function", "-tools-function").inputs["environment"];

    expect(methodsOf(plain).filter(([, method]) => method === "options")).to.deep.equal([]);
    expect(preflights).to.have.length(Object.keys(bodyOf(open).paths).length);
    for (const [, , { "x-amazon-apigateway-integration": integration }] of preflights) {
      expect(integration.type).to.equal("mock");
      const template = integration.responses?.default.responseTemplates["application/json"] ?? "";
      expect(template).to.include('$origin == "https://a.example.org" || $origin == "https://b.example.org"');
      expect(template).to.not.include("*");
    }
    expect(variables).to.have.nested.property("variables.API_ORIGINS", "https://a.example.org,https://b.example.org");
    expect(
      plain.one("aws:lambda/function:Function", "-tools-function").inputs["environment"],
    ).to.not.have.nested.property("variables.API_ORIGINS");
  });

  it("refuses by itself in the form of the tools' errors", async () => {
    const responses = bodyOf(await planned("default", ON))["x-amazon-apigateway-gateway-responses"];

    for (const [type, code] of [
      ["BAD_REQUEST_BODY", "INVALID_INPUT"],
      ["THROTTLED", "SERVICE_BUSY"],
      ["INTEGRATION_TIMEOUT", "SERVICE_BUSY"],
    ] as const) {
      const template = responses[type]?.responseTemplates["application/json"] ?? "";
      expect(JSON.parse(template)).to.include({ success: false, error_code: code });
    }
  });

  it("has alarms that say what to do, and graphs on the dashboard", async () => {
    const { all, one } = await planned("default", ON);

    const alarms = all("aws:cloudwatch/metricAlarm:MetricAlarm").filter(({ name }) =>
      /-api-(errors|latency)$/.test(name),
    );
    expect(alarms.map(({ inputs }) => inputs["metricName"])).to.have.members(["5XXError", "Latency"]);
    for (const { inputs } of alarms) {
      expect(inputs["alarmDescription"]).to.match(/^[^:]+: .+\. Runbook: docs/);
      expect(inputs["dimensions"]).to.deep.equal({ ApiName: "protein-agent-default-api", Stage: "v1" });
    }
    expect(one("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardBody"]).to.include("HTTP API: requests");
  });
});
