import { McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { S3Client } from "@aws-sdk/client-s3";
import type { VariantEffects } from "../../contract/result.js";
import { reportData } from "../report/reportData.js";
import { wholeResult } from "../results.js";
import type { ToolsClient } from "../tools.js";
import type { WorkflowsClient } from "../workflows.js";
import { addPrompts } from "./prompts.js";
import { addReadingTools } from "./readingTools.js";
import { addScoringTools } from "./scoringTools.js";
import { addHeatmapView } from "./view/heatmapView.js";

const INSTRUCTIONS = [
  "Predicts effects of substitutions in proteins with AMPLIFY, a protein language model.",
  "Scores are log-likelihood ratios (llr) of the mutant to the wild type: below 0, less likely than the wild type; above 0, likelier.",
  "They rank variants within one protein; they are no measurement of stability or activity, and no statement about disease.",
  "Insertions, deletions and stops are not scored.",
].join(" ");

/** The deployment that a server speaks for. */
export interface Deployment {
  readonly tools: ToolsClient;
  readonly s3: S3Client;
  /** Workflows of evidence; absent where nobody asks for them. */
  readonly workflows?: WorkflowsClient;
}

/**
 * A server of the Model Context Protocol for one deployment: tools, results as resources, the heatmap
 * as a view, and prompts.
 *
 * @param version of this package
 */
export function createServer({ tools, s3, workflows }: Deployment, version: string): McpServer {
  const server = new McpServer({ name: "amplify-vep", version }, { instructions: INSTRUCTIONS });
  addScoringTools(server, tools);
  addReadingTools(server, tools, workflows);

  const resultOf = async (id: unknown): Promise<VariantEffects> =>
    wholeResult(await tools.getResults({ output_id: String(id), detail: "full" }), s3);
  server.registerResource(
    "matrix",
    new ResourceTemplate("vep://results/{output_id}/matrix", { list: undefined }),
    { title: "Whole matrix of scores", mimeType: "application/json" },
    async (uri, { output_id: id }) => ({
      contents: [{ uri: uri.href, mimeType: "application/json", text: JSON.stringify(await resultOf(id)) }],
    }),
  );
  server.registerResource(
    "report",
    new ResourceTemplate("vep://results/{output_id}/report", { list: undefined }),
    { title: "Heatmap as an HTML page", mimeType: "text/html" },
    async (uri, { output_id: id }) => {
      const { renderReport } = await import("../report/renderReport.js");
      const text = await renderReport(reportData(await resultOf(id), String(id)));
      return { contents: [{ uri: uri.href, mimeType: "text/html", text }] };
    },
  );
  addHeatmapView(server);
  addPrompts(server);
  return server;
}
