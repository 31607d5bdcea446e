import type { Output } from "@pulumi/pulumi";
import { AgentGateway, type AgentGatewayArgs } from "./agentGateway.js";

export interface AgentsArgs extends AgentGatewayArgs {
  /** Whether there is a gateway for agents. */
  readonly agentGateway: boolean;
}

export interface AgentsParts {
  /** Address of the gateway, where it speaks the Model Context Protocol; undefined without `agentGateway`. */
  readonly agentGatewayUrl?: Output<string>;
  readonly gatewayArn?: Output<string>;
  /** Where agents get tokens, and their client there; undefined with `agentGatewayIssuer`. */
  readonly agentTokenUrl?: Output<string>;
  readonly agentClientId?: Output<string>;
  readonly agentClientSecret?: Output<string>;
}

/** Creates the gateway through which agents call the tools. */
export function agentsOf({ agentGateway, ...args }: AgentsArgs): AgentsParts {
  if (!agentGateway) return {};
  const { arn, url, issuer } = new AgentGateway(`${args.prefix}-agents`, args);
  return {
    agentGatewayUrl: url,
    gatewayArn: arn,
    ...(issuer && {
      agentTokenUrl: issuer.tokenUrl,
      agentClientId: issuer.clientId,
      agentClientSecret: issuer.clientSecret,
    }),
  };
}
