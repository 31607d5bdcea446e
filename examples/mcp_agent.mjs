#!/usr/bin/env node
// What an agent does with the MCP server, without a language model: lists the tools, scores a protein, follows what the answer
// says to do next. Run it in a clone: node examples/mcp_agent.mjs --help
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath, URL } from "node:url";
import { parseArgs } from "node:util";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const VEP = fileURLToPath(new URL("../commands/vep.mjs", import.meta.url));

const HELP = `Usage: mcp_agent.mjs --sequence SEQUENCE [options]

Options:
  --sequence <sequence>      one protein
  --lambda-function <name>   the tools' function that the server calls; default: found in Systems Manager
  --local                    let the server use the twin
  --url <address>            a server over HTTP instead of one that is started; VEP_MCP_TOKEN is its token
  --max-attempts <number>    number of times to ask for the result (default: 20)
  --poll-interval <seconds>  seconds between two times (default: what the answer says)
  --help                     show this help

Examples:
  mcp_agent.mjs --sequence MKTVRQERLKSIVRILERSKEPVSG --local
  VEP_MCP_TOKEN=... mcp_agent.mjs --sequence MKTVRQERLKSIVRILERSKEPVSG --url http://127.0.0.1:8800/mcp`;

const given = readOptions();

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        sequence: { type: "string" },
        "lambda-function": { type: "string" },
        local: { type: "boolean" },
        url: { type: "string" },
        "max-attempts": { type: "string", default: "20" },
        "poll-interval": { type: "string" },
        help: { type: "boolean" },
      },
    });
    for (const name of ["max-attempts", "poll-interval"]) {
      const value = values[name] ?? "0";
      if (!/^\d+(\.\d+)?$/.test(value)) throw new Error(`--${name} takes a number, got ${value}.`);
    }
    if (!values.help && values.sequence === undefined) throw new Error("--sequence is missing.");
    return values;
  } catch (error) {
    console.error(`mcp_agent.mjs: ${error.message.replace(/\n/g, " ")} See: mcp_agent.mjs --help`);
    process.exit(2);
  }
}

function transport() {
  if (given.url !== undefined) {
    const token = process.env.VEP_MCP_TOKEN;
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    return new StreamableHTTPClientTransport(new URL(given.url), { requestInit: { headers } });
  }
  const named = given["lambda-function"] ? ["--lambda-function", given["lambda-function"]] : [];
  // The server needs the credentials, the region and the endpoint of AWS; by default it gets a part of the environment.
  return new StdioClientTransport({
    command: process.execPath,
    args: [VEP, "mcp", ...named, ...(given.local ? ["--local"] : [])],
    env: { ...process.env },
    stderr: "inherit",
  });
}

async function run() {
  const client = new Client({ name: "example-agent", version: "1" });
  await client.connect(transport());
  try {
    const { tools } = await client.listTools();
    console.log(`Tools: ${tools.map(({ name }) => name).join(", ")}`);

    const call = async (name, args) => {
      const { structuredContent, isError, content } = await client.callTool({ name, arguments: args });
      if (isError) throw new Error(content[0]?.text);
      return structuredContent;
    };
    let job = await call("predict_variant_effects", { sequence: given.sequence, top: 3 });
    for (let attempt = 1; job.status === "in_progress"; attempt++) {
      if (attempt > Number(given["max-attempts"])) throw new Error(`The job is still ${job.phase}. ${job.next}`);
      console.log(job.next);
      const seconds = Number(given["poll-interval"] ?? job.retry_after_seconds ?? 5);
      await delay(1000 * seconds);
      job = await call("get_results", { output_id: job.output_id, top: 3 });
    }
    if (job.status !== "completed") throw new Error(`${job.status}: ${job.reason}`);
    for (const note of job.notes) console.log(`Note: ${note}`);
    console.log(`Best: ${job.best.map(({ hgvs, score }) => `${hgvs} ${score}`).join(", ")}`);
    console.log(`Next: ${job.next}`);

    const position = Number(/\d+/.exec(job.best[0].variant)[0]);
    const { variants } = await call("explain_position", { output_id: job.output_id, position });
    console.log(`Position ${position}: ${variants.map(({ variant, score }) => `${variant} ${score}`).join(", ")}`);
  } finally {
    await client.close();
  }
}

if (given.help) {
  console.log(HELP);
} else {
  await run().catch((error) => {
    console.error(`mcp_agent.mjs: ${error.message}`);
    process.exitCode = 1;
  });
}
