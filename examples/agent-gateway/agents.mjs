// Lists the tools of an agent gateway, scores one protein through it, and prints the best variants.
//
//   export AGENT_GATEWAY_URL="$(pulumi stack output agentGatewayUrl)"
//   export AGENT_TOKEN_URL="$(pulumi stack output agentTokenUrl)"
//   export AGENT_CLIENT_ID="$(pulumi stack output agentClientId)"
//   export AGENT_CLIENT_SECRET="$(pulumi stack output --show-secrets agentClientSecret)"
//   node examples/agent-gateway/agents.mjs MKTAYIAKQRQISFVKSHFSRQ
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [, , sequence = "MKTAYIAKQRQISFVKSHFSRQ"] = process.argv;
if (sequence === "--help") {
  console.log("Usage: agents.mjs [SEQUENCE]    (address, client and secret in the environment: see docs/gateway.md)");
  process.exit();
}

const client = new Client({ name: "example", version: "1" });
const headers = { authorization: `Bearer ${await getToken()}` };
await client.connect(
  new StreamableHTTPClientTransport(new URL(setting("AGENT_GATEWAY_URL")), { requestInit: { headers } }),
);
const { tools } = await client.listTools();
console.log(tools.map(({ name }) => name).join("\n"));

let job = await call("invoke_endpoint", { sequence });
while (job.status === "in_progress") {
  await delay(1_000 * Math.min(job.retry_after_seconds, 30));
  job = await call("get_results", { output_id: job.output_id });
}
const { output_id: id } = job;
const { results, reason } = await call("get_results", { output_id: id });
if (results === null) throw new Error(`The job has no result: ${reason}`);
for (const { hgvs, score } of results.best) console.log(`${hgvs}\t${score}`);
console.error("llr below 0: less likely than the wild type; above 0: likelier.");
if (results.model.weights === "synthetic")
  console.error("Synthetic weights: the scores say nothing about this protein.");
await client.close();

/** Calls a tool of the gateway, which gives it the name of its target and three underscores as a prefix. */
async function call(tool, args) {
  const name = tools.map((one) => one.name).find((known) => known.split("___").at(-1) === tool);
  if (name === undefined) throw new Error(`The gateway has no tool ${tool}.`);
  const { content } = await client.callTool({ name, arguments: args });
  const answer = JSON.parse(content[0].text);
  if (!answer.success) throw new Error(`${answer.error_code}: ${answer.message}`);
  return answer.data;
}

/** A token for this program (OAuth 2.0 client credentials). */
async function getToken() {
  const credentials = `${setting("AGENT_CLIENT_ID")}:${setting("AGENT_CLIENT_SECRET")}`;
  const response = await fetch(setting("AGENT_TOKEN_URL"), {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  if (!response.ok) throw new Error(`No token: ${response.status} ${await response.text()}`);
  return (await response.json()).access_token;
}

function setting(name) {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set.`);
  return value;
}
