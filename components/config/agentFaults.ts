import { setCommand, type ConfigFault } from "./faults.js";
import type { StackSettings } from "./keys.js";

type AgentSettings = Partial<
  Pick<StackSettings, "agentGateway" | "agentGatewayIssuer" | "agentGatewayClients" | "agentGatewayAudiences">
>;

/** Faults between the keys of the gateway for agents. */
export function agentFaults(settings: AgentSettings): ConfigFault[] {
  const { agentGateway = false, agentGatewayIssuer: issuer = "" } = settings;
  const clients = (settings.agentGatewayClients ?? []).join(",");
  const audiences = (settings.agentGatewayAudiences ?? []).join(",");
  const callers = { agentGatewayClients: clients, agentGatewayAudiences: audiences };
  const unused = (given: Readonly<Record<string, string>>, needed: string, fix: string): ConfigFault[] =>
    Object.entries(given)
      .filter(([, value]) => value !== "")
      .map(([key, value]) => ({ key, value, problem: `allowed only with ${needed}`, fix }));
  if (!agentGateway) {
    return unused({ agentGatewayIssuer: issuer, ...callers }, "agentGateway true", setCommand("agentGateway", "true"));
  }
  if (issuer === "") {
    const fix = setCommand("agentGatewayIssuer", "https://issuer.example.org/.well-known/openid-configuration");
    return unused(callers, "agentGatewayIssuer: the stack's own pool has one client", fix);
  }
  if (clients !== "" || audiences !== "") return [];
  const problem =
    "allowed only with agentGatewayClients or agentGatewayAudiences: else every token of the issuer may call";
  return [{ key: "agentGatewayIssuer", value: issuer, problem, fix: setCommand("agentGatewayAudiences", "vep") }];
}
