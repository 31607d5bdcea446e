import * as aws from "@pulumi/aws";
import {
  ComponentResource,
  interpolate,
  output,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import type { Place } from "../shared/place.js";
import { allow, policyDocument } from "../shared/policies.js";
import { serviceRole, type RoleRules, type ServiceRole } from "../shared/serviceRole.js";
import { TokenIssuer } from "../shared/tokenIssuer.js";

/** Name of the target: agents see its tools as `vep___invoke_endpoint`. */
const TARGET = "vep";

export interface AgentGatewayArgs extends RoleRules {
  /** First part of all names of the stack. */
  readonly prefix: string;
  readonly place: Place;
  readonly tags: Readonly<Record<string, string>>;
  /** The function of the tools. */
  readonly tools: { readonly functionArn: Input<string> };
  /** Whether the stack takes FASTA files. */
  readonly fastaDrop: boolean;
  /** Discovery URL of an existing issuer of tokens; empty makes a pool of Cognito. */
  readonly agentGatewayIssuer: string;
  /** Clients of the existing issuer that may call. */
  readonly agentGatewayClients: readonly string[];
  /** Audiences that tokens of the existing issuer may have. */
  readonly agentGatewayAudiences: readonly string[];
}

/** A gateway of Bedrock AgentCore: agents list and call the tools with the Model Context Protocol and a token (JWT). */
export class AgentGateway extends ComponentResource {
  readonly arn: Output<string>;
  readonly url: Output<string>;
  /** Undefined for an existing issuer. */
  readonly issuer: TokenIssuer | undefined;

  constructor(name: string, args: AgentGatewayArgs, opts?: ComponentResourceOptions) {
    super("amplify-vep:index:AgentGateway", name, {}, opts);
    this.issuer =
      args.agentGatewayIssuer === "" ? new TokenIssuer(`${name}-tokens`, args, { parent: this }) : undefined;
    const gateway = new aws.bedrock.AgentcoreGateway(
      `${name}-gateway`,
      {
        name,
        description: "Variant effects of proteins",
        protocolType: "MCP",
        roleArn: this.role(name, args).arn,
        authorizerType: "CUSTOM_JWT",
        authorizerConfiguration: { customJwtAuthorizer: this.authorizer(args) },
        tags: args.tags,
      },
      { parent: this },
    );
    this.target(name, gateway, args);
    this.arn = gateway.gatewayArn;
    this.url = gateway.gatewayUrl;
    this.registerOutputs({ url: this.url });
  }

  /** @see https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-prerequisites-permissions.html */
  private role(name: string, args: AgentGatewayArgs): ServiceRole {
    const { account, partition, region } = args.place;
    return serviceRole(this, name, {
      ...args,
      service: "bedrock-agentcore.amazonaws.com",
      // The id of a gateway is its name and ten characters that AWS chooses.
      sourceArn: interpolate`arn:${partition}:bedrock-agentcore:${region}:${account}:gateway/${name}-*`,
      policy: policyDocument(
        allow({ sid: "CallTools", actions: ["lambda:InvokeFunction"], resources: [args.tools.functionArn] }),
      ),
    });
  }

  private authorizer(
    args: AgentGatewayArgs,
  ): aws.types.input.bedrock.AgentcoreGatewayAuthorizerConfigurationCustomJwtAuthorizer {
    if (this.issuer) return { discoveryUrl: this.issuer.discoveryUrl, allowedClients: [this.issuer.clientId] };
    const { agentGatewayClients: clients, agentGatewayAudiences: audiences } = args;
    return {
      discoveryUrl: args.agentGatewayIssuer,
      ...(clients.length > 0 && { allowedClients: [...clients] }),
      ...(audiences.length > 0 && { allowedAudiences: [...audiences] }),
    };
  }

  private target(name: string, gateway: aws.bedrock.AgentcoreGateway, { tools, fastaDrop }: AgentGatewayArgs): void {
    // A stack without a gateway does not load the contract's schemas.
    const inlinePayloads = output(
      import("./gatewayTools.js").then(({ gatewayTools }) => gatewayTools({ uploads: fastaDrop })),
    );
    new aws.bedrock.AgentcoreGatewayTarget(
      `${name}-target`,
      {
        name: TARGET,
        description: "The tools of amplify-vep",
        gatewayIdentifier: gateway.gatewayId,
        credentialProviderConfiguration: { gatewayIamRole: {} },
        targetConfiguration: { mcp: { lambda: { lambdaArn: tools.functionArn, toolSchema: { inlinePayloads } } } },
      },
      { parent: this },
    );
  }
}
