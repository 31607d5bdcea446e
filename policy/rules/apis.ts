import { resourceRule, unless } from "../rule.js";

/** Nobody calls an API without saying who they are: an API key only counts. */
export const apisAreAuthorized = resourceRule(
  {
    name: "apis-are-authorized",
    description:
      "The gateway for agents and every method of a REST API need a signature or a token; except OPTIONS without a function behind it",
    severity: "critical",
    fix: "Give each method a security scheme with x-amazon-apigateway-authtype.",
  },
  {
    "aws:apigateway/restApi:RestApi": ({ body }) => (body === undefined ? [] : openMethods(body)),
    "aws:bedrock/agentcoreGateway:AgentcoreGateway": ({ authorizerType }) =>
      unless(authorizerType !== "NONE", "The gateway for agents has no authorization."),
    "aws:apigateway/method:Method": ({ authorization, httpMethod }) =>
      unless(authorization !== "NONE" || httpMethod === "OPTIONS", `Method ${httpMethod} has no authorization.`),
  },
);

/** Who called, and nothing of what they sent. */
export const apisAreLogged = resourceRule(
  {
    name: "apis-are-logged",
    description: "Every stage of a REST API has access logs and traces, and no log of bodies",
    severity: "medium",
    fix: "Set accessLogSettings and xrayTracingEnabled, and leave dataTraceEnabled out.",
  },
  {
    "aws:apigateway/stage:Stage": ({ accessLogSettings, xrayTracingEnabled }) => [
      ...unless(accessLogSettings !== undefined, "The stage has no access logs."),
      ...unless(xrayTracingEnabled === true, "The stage is not traced."),
    ],
    "aws:apigateway/methodSettings:MethodSettings": ({ settings }) =>
      unless(settings.dataTraceEnabled !== true, "The bodies of requests are logged."),
  },
);

interface Method {
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly "x-amazon-apigateway-integration"?: { readonly type?: string };
}

interface Document {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Method>>>>;
  readonly components?: {
    readonly securitySchemes?: Readonly<Record<string, { readonly "x-amazon-apigateway-authtype"?: string }>>;
  };
}

function openMethods(body: string): readonly string[] {
  const { paths = {}, components } = JSON.parse(body) as Document;
  const isCaller = (scheme: string): boolean =>
    components?.securitySchemes?.[scheme]?.["x-amazon-apigateway-authtype"] !== undefined;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(
        ([method, { "x-amazon-apigateway-integration": called }]) => method !== "options" || called?.type !== "mock",
      )
      // One of the alternatives is enough for a caller, so each of them must ask who it is.
      .filter(
        ([, { security = [] }]) => security.length === 0 || !security.every((one) => Object.keys(one).some(isCaller)),
      )
      .map(([method]) => `Method ${method.toUpperCase()} ${path} has no authorization.`),
  );
}
