import { apisAreAuthorized, apisAreLogged } from "../../policy/rules/apis.js";
import { describeRule, resource } from "./support/cases.js";

const API = "aws:apigateway/restApi:RestApi";
const SCHEMES = {
  securitySchemes: {
    caller: { type: "apiKey", "x-amazon-apigateway-authtype": "awsSigv4" },
    key: { type: "apiKey", name: "x-api-key" },
  },
};

function api(methods: object): ReturnType<typeof resource> {
  return resource(API, { body: JSON.stringify({ paths: { "/predictions": methods }, components: SCHEMES }) });
}

describeRule(apisAreAuthorized, {
  holds: [
    { what: "a signature", stack: [api({ get: { security: [{ caller: [] }] } })] },
    { what: "a signature and a key", stack: [api({ get: { security: [{ caller: [], key: [] }] } })] },
    {
      what: "OPTIONS that API Gateway answers",
      stack: [api({ options: { "x-amazon-apigateway-integration": { type: "mock" } } })],
    },
  ],
  broken: [
    { what: "no authorization", stack: [api({ get: {} })], says: /GET \/predictions has no authorization/ },
    { what: "a key alone", stack: [api({ post: { security: [{ key: [] }] } })], says: /POST/ },
    { what: "a key instead", stack: [api({ post: { security: [{ caller: [] }, { key: [] }] } })], says: /POST/ },
    {
      what: "OPTIONS that call a function",
      stack: [api({ options: { "x-amazon-apigateway-integration": { type: "aws_proxy" } } })],
      says: /OPTIONS/,
    },
    {
      what: "a gateway without authorization",
      stack: [resource("aws:bedrock/agentcoreGateway:AgentcoreGateway", { authorizerType: "NONE" })],
      says: /gateway for agents/,
    },
    {
      what: "a method without authorization",
      stack: [resource("aws:apigateway/method:Method", { authorization: "NONE", httpMethod: "GET" })],
      says: /Method GET has no authorization/,
    },
  ],
});

describeRule(apisAreLogged, {
  holds: [
    {
      what: "access logs and traces",
      stack: [
        resource("aws:apigateway/stage:Stage", {
          accessLogSettings: { destinationArn: "arn:aws:logs:eu-west-1:123456789012:log-group:api", format: "{}" },
          xrayTracingEnabled: true,
        }),
      ],
    },
  ],
  broken: [
    { what: "no logs", stack: [resource("aws:apigateway/stage:Stage", {})], says: /no access logs[^]*not traced/ },
    {
      what: "logged bodies",
      stack: [resource("aws:apigateway/methodSettings:MethodSettings", { settings: { dataTraceEnabled: true } })],
      says: /bodies/,
    },
  ],
});
