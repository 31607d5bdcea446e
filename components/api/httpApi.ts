import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import {
  all,
  ComponentResource,
  interpolate,
  jsonStringify,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { API_VERSION } from "../../contract/apiVersion.js";
import { RESULT_CACHE_SECONDS } from "../../contract/limits.js";
import { apiNames } from "../shared/apiNames.js";
import { encryptedLogGroup } from "../shared/logGroup.js";
import type { Place } from "../shared/place.js";
import { TokenIssuer } from "../shared/tokenIssuer.js";
import { callableFrom } from "./apiPolicy.js";
import { BURST_REQUESTS, RATE_PER_SECOND } from "./limits.js";
import type { RestDocumentArgs } from "./restDocument.js";
import { usagePlan, type UsagePlanArgs } from "./usagePlan.js";

/** Smallest cache of API Gateway, in GB. */
const CACHE_GB = "0.5";

/** A line of the access log. It has no query and no body: those can have a sequence in them. */
const ACCESS_LOG = JSON.stringify({
  time: "$context.requestTime",
  requestId: "$context.requestId",
  trace: "$context.xrayTraceId",
  ip: "$context.identity.sourceIp",
  caller: "$context.identity.userArn",
  client: "$context.authorizer.claims.client_id",
  key: "$context.identity.apiKeyId",
  method: "$context.httpMethod",
  resource: "$context.resourcePath",
  status: "$context.status",
  error: "$context.error.responseType",
  latencyMs: "$context.responseLatency",
  bytes: "$context.responseLength",
});

export interface HttpApiArgs extends UsagePlanArgs {
  /** First part of all names of the stack. */
  readonly prefix: string;
  readonly place: Place;
  /** The function that answers. */
  readonly tools: { readonly functionName: Input<string>; readonly functionArn: Input<string> };
  /** The function that answers about workflows; undefined without `evidence`. */
  readonly workflow: { readonly name: Input<string>; readonly arn: Input<string> } | undefined;
  /** Who may call: IAM principals of the account who may `execute-api:Invoke`, or holders of a token of Cognito. */
  readonly apiAuth: "iam" | "cognito";
  /** Whether results are cached. The cache costs money by the hour. */
  readonly apiCache: boolean;
  /** Origins of web pages that may call. */
  readonly apiOrigins: readonly string[];
  /** Whether the stack takes FASTA files. */
  readonly fastaDrop: boolean;
  /** The only VPC that can call the API; undefined for an API on the internet. */
  readonly vpcId: Input<string> | undefined;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /**
   * ARN of the customer key of the access logs.
   *
   * @default the key of CloudWatch
   */
  readonly keyArn?: Input<string>;
}

/** The HTTP API: a REST API of API Gateway in front of the tools' function. */
export class HttpApi extends ComponentResource {
  readonly url: Output<string>;
  /** Undefined with `apiAuth` iam. */
  readonly issuer: TokenIssuer | undefined;

  constructor(name: string, args: HttpApiArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:HttpApi", name, {}, opts);
    this.issuer = args.apiAuth === "cognito" ? new TokenIssuer(`${name}-tokens`, args, { parent: this }) : undefined;
    const api = this.api(name, args);
    const stage = this.stage(name, api, args);
    this.settings(name, api, stage, args);
    if (args.apiKeys.length > 0) usagePlan(this, name, api, stage, args);
    this.callable(`${name}-call`, api, args.tools.functionName, args);
    if (args.workflow) this.callable(`${name}-workflow-call`, api, args.workflow.name, args);
    this.url = stage.invokeUrl;
    this.registerOutputs({ url: this.url });
  }

  private callable(name: string, api: aws.apigateway.RestApi, lambda: Input<string>, { place }: HttpApiArgs): void {
    new aws.lambda.Permission(
      name,
      {
        function: lambda,
        action: "lambda:InvokeFunction",
        principal: "apigateway.amazonaws.com",
        sourceAccount: place.account,
        sourceArn: interpolate`${api.executionArn}/${API_VERSION}/*`,
      },
      { parent: this },
    );
  }

  private api(name: string, args: HttpApiArgs): aws.apigateway.RestApi {
    const { place, vpcId, tags } = args;
    return new aws.apigateway.RestApi(
      name,
      {
        name: apiNames(args.prefix).api,
        description: "Variant effects of proteins",
        body: this.document(args).apply((document) => JSON.stringify(document)),
        endpointConfiguration: { types: vpcId === undefined ? "REGIONAL" : "PRIVATE" },
        ...(vpcId !== undefined && { policy: jsonStringify(callableFrom(vpcId, place)) }),
        tags,
      },
      { parent: this },
    );
  }

  private document({ place, tools, workflow, apiKeys, apiOrigins, fastaDrop }: HttpApiArgs): Output<object> {
    const { partition, region } = place;
    const uriOf = (functionArn: Input<string>): Output<string> =>
      interpolate`arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
    const { poolArn = "", scope = "" } = this.issuer ?? {};
    const isTokens = this.issuer !== undefined;
    const uris = all([uriOf(tools.functionArn), workflow ? uriOf(workflow.arn) : undefined]);
    return all([uris, poolArn, scope]).apply(async ([[functionUri, workflowUri], pool, needed]) => {
      // A stack without an API does not load the contract's schemas.
      const { restDocument } = await import("./restDocument.js");
      const auth: RestDocumentArgs["auth"] = isTokens
        ? { kind: "cognito", poolArn: pool, scope: needed }
        : { kind: "iam" };
      return restDocument({
        functionUri,
        workflowUri,
        auth,
        needsKey: apiKeys.length > 0,
        origins: apiOrigins,
        uploads: fastaDrop,
      });
    });
  }

  /** API Gateway serves a deployment: a copy of the API at one moment. The hash makes a new one when the API changes. */
  private stage(name: string, api: aws.apigateway.RestApi, args: HttpApiArgs): aws.apigateway.Stage {
    const content = all([api.body, api.endpointConfiguration, args.vpcId ?? ""]).apply((parts) =>
      createHash("sha256").update(JSON.stringify(parts)).digest("hex"),
    );
    const deployment = new aws.apigateway.Deployment(
      `${name}-deployment`,
      { restApi: api.id, triggers: { content } },
      { parent: this },
    );
    const logs = encryptedLogGroup(this, `${name}-logs`, apiNames(args.prefix).logGroup, args);
    return new aws.apigateway.Stage(
      `${name}-stage`,
      {
        restApi: api.id,
        deployment: deployment.id,
        stageName: API_VERSION,
        xrayTracingEnabled: true,
        accessLogSettings: { destinationArn: logs.arn, format: ACCESS_LOG },
        ...(args.apiCache && { cacheClusterEnabled: true, cacheClusterSize: CACHE_GB }),
        tags: args.tags,
      },
      { parent: this },
    );
  }

  /** Limits of every method; only the result of a completed job is cached, because API Gateway caches by address alone. */
  private settings(
    name: string,
    api: aws.apigateway.RestApi,
    stage: aws.apigateway.Stage,
    { apiCache }: HttpApiArgs,
  ): void {
    const every = {
      metricsEnabled: true,
      // Execution logs can have bodies in them.
      loggingLevel: "OFF",
      dataTraceEnabled: false,
      throttlingRateLimit: RATE_PER_SECOND,
      throttlingBurstLimit: BURST_REQUESTS,
      cachingEnabled: false,
    };
    const of = { restApi: api.id, stageName: stage.stageName };
    const methods = new aws.apigateway.MethodSettings(
      `${name}-methods`,
      { ...of, methodPath: "*/*", settings: every },
      { parent: this },
    );
    if (!apiCache) return;
    new aws.apigateway.MethodSettings(
      `${name}-result`,
      {
        ...of,
        methodPath: "predictions/{output_id}/result/GET",
        settings: {
          ...every,
          cachingEnabled: true,
          cacheTtlInSeconds: RESULT_CACHE_SECONDS,
          cacheDataEncrypted: true,
          requireAuthorizationForCacheControl: true,
          unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER",
        },
      },
      // Both change the same stage.
      { parent: this, dependsOn: methods },
    );
  }
}
