import { apiRoutes, GATEWAY_STATUS } from "../../contract/httpApi.js";
import { openApi, type Operation } from "../../contract/openApi.js";
import { WORKFLOW_ROUTES } from "../../contract/workflowApi.js";

/** Most time that API Gateway gives to an answer, in milliseconds. */
const TIMEOUT_MS = 29_000;

export interface RestDocumentArgs {
  /** URI with which API Gateway calls the tools' function. */
  readonly functionUri: string;
  /** URI with which it calls the function of workflows; undefined without `evidence`. */
  readonly workflowUri?: string | undefined;
  /** Who may call: IAM principals who sign, or holders of a token. */
  readonly auth:
    { readonly kind: "iam" } | { readonly kind: "cognito"; readonly poolArn: string; readonly scope: string };
  /** Whether each request needs an API key too. */
  readonly needsKey: boolean;
  /** Origins of web pages that may call the API. */
  readonly origins: readonly string[];
  /** Whether the stack takes FASTA files. */
  readonly uploads: boolean;
}

/**
 * The document from which API Gateway makes the API: that of the contract, with who may call and what is called. Answers
 * are left out: API Gateway does not check them.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 */
export function restDocument(args: RestDocumentArgs): object {
  const { openapi, info, paths, components } = openApi({ ...args, evidence: args.workflowUri !== undefined });
  const inputs = Object.entries(components.schemas)
    .filter(([name]) => name.endsWith("Input"))
    // API Gateway only says that a body is invalid. What it lets through, the function refuses with the argument and the fix.
    .map(([name, { type, required }]) => [name, { type, required }] as const);
  const deployed = Object.entries(paths).map(([path, methods]) => {
    const operations = Object.entries(methods).map(([method, operation]) => {
      return [method, operationOf(operation, calledBy(path, method, args), args)] as const;
    });
    return [path, { ...Object.fromEntries(operations), ...(args.origins.length > 0 && { options: preflight(args) }) }];
  });
  return {
    openapi,
    info,
    paths: Object.fromEntries(deployed) as object,
    components: { schemas: Object.fromEntries(inputs), securitySchemes: schemes(args) },
    "x-amazon-apigateway-request-validators": {
      all: { validateRequestBody: true, validateRequestParameters: true },
    },
    "x-amazon-apigateway-request-validator": "all",
    "x-amazon-apigateway-gateway-responses": REFUSALS,
  };
}

/** What a method calls, and whether its answer can be cached. */
interface Call {
  readonly uri: string;
  readonly cached: boolean;
}

function calledBy(path: string, method: string, args: RestDocumentArgs): Call {
  const { functionUri, workflowUri = functionUri } = args;
  const isWorkflow = WORKFLOW_ROUTES.some((one) => one.path === path && one.method === method);
  const route = apiRoutes(args).find((one) => one.path === path && one.method === method);
  return { uri: isWorkflow ? workflowUri : functionUri, cached: route?.completedOnly === true };
}

function operationOf(
  { operationId, parameters, requestBody, responses }: Operation,
  { uri, cached }: Call,
  args: RestDocumentArgs,
): object {
  return {
    operationId,
    ...(parameters && { parameters }),
    ...(requestBody && { requestBody }),
    responses: Object.fromEntries(Object.keys(responses).map((status) => [status, { description: status }])),
    security: [{ caller: args.auth.kind === "cognito" ? [args.auth.scope] : [], ...(args.needsKey && { key: [] }) }],
    "x-amazon-apigateway-integration": {
      type: "aws_proxy",
      httpMethod: "POST",
      uri,
      timeoutInMillis: TIMEOUT_MS,
      ...(cached && {
        cacheKeyParameters: (parameters ?? []).map(
          ({ name, in: place }) => `method.request.${place === "path" ? "path" : "querystring"}.${name}`,
        ),
      }),
    },
  };
}

function schemes({ auth, needsKey }: RestDocumentArgs): object {
  const header = { type: "apiKey", in: "header" };
  const caller =
    auth.kind === "iam"
      ? { ...header, name: "Authorization", "x-amazon-apigateway-authtype": "awsSigv4" }
      : {
          ...header,
          name: "Authorization",
          "x-amazon-apigateway-authtype": "cognito_user_pools",
          "x-amazon-apigateway-authorizer": { type: "cognito_user_pools", providerARNs: [auth.poolArn] },
        };
  return { caller, ...(needsKey && { key: { ...header, name: "x-api-key" } }) };
}

/** What API Gateway itself answers, in the form of the tools' errors. */
const REFUSALS: Readonly<Record<string, object>> = {
  BAD_REQUEST_BODY: refusal("INVALID_INPUT", GATEWAY_STATUS[400]),
  BAD_REQUEST_PARAMETERS: refusal("INVALID_INPUT", GATEWAY_STATUS[400]),
  THROTTLED: refusal("SERVICE_BUSY", GATEWAY_STATUS[429]),
  QUOTA_EXCEEDED: refusal("SERVICE_BUSY", GATEWAY_STATUS[429]),
  INTEGRATION_TIMEOUT: refusal("SERVICE_BUSY", GATEWAY_STATUS[504]),
};

function refusal(error_code: string, message: string): object {
  return { responseTemplates: { "application/json": JSON.stringify({ success: false, error_code, message }) } };
}

/**
 * The answer to the question of a browser whether a page may call: API Gateway gives it by itself, without the function.
 * The origin of the page is repeated if it is one of those allowed, because a header can name one origin only.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
 */
function preflight({ origins }: RestDocumentArgs): object {
  const text = { schema: { type: "string" } };
  const fixed = {
    "Access-Control-Allow-Methods": "GET,POST,OPTIONS",
    "Access-Control-Allow-Headers": "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key",
    "Access-Control-Max-Age": "3600",
    Vary: "Origin",
  };
  const isAllowed = origins.map((origin) => `$origin == "${origin}"`).join(" || ");
  return {
    responses: {
      "204": {
        description: "204",
        headers: Object.fromEntries(["Access-Control-Allow-Origin", ...Object.keys(fixed)].map((name) => [name, text])),
      },
    },
    "x-amazon-apigateway-integration": {
      type: "mock",
      requestTemplates: { "application/json": '{"statusCode": 204}' },
      passthroughBehavior: "when_no_templates",
      responses: {
        default: {
          statusCode: "204",
          responseParameters: Object.fromEntries(
            Object.entries(fixed).map(([name, value]) => [`method.response.header.${name}`, `'${value}'`]),
          ),
          responseTemplates: {
            "application/json":
              `#set($origin = $input.params("Origin"))#if($origin == "")#set($origin = $input.params("origin"))#end` +
              `#if(${isAllowed})#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)#end`,
          },
        },
      },
    },
  };
}
