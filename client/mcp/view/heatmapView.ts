import { fileURLToPath } from "node:url";
import { RESOURCE_MIME_TYPE, registerAppResource } from "@modelcontextprotocol/ext-apps/server";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";

const URI = "ui://amplify-vep/heatmap";
const SCRIPT = fileURLToPath(new URL("./page.ts", import.meta.url));
const WAITING = '<main><p id="status" role="status">Waiting for the result.</p></main>';

/** What a tool says so that clients with MCP Apps show its result as a heatmap; others ignore it. */
export const SHOWN_AS_HEATMAP = { ui: { resourceUri: URI } };

/**
 * Adds the heatmap that clients with MCP Apps show in the conversation.
 *
 * @see https://github.com/modelcontextprotocol/ext-apps (SEP-1865, MCP Apps)
 */
export function addHeatmapView(server: McpServer): void {
  registerAppResource(
    server,
    "heatmap",
    URI,
    { title: "Heatmap", description: "Scores of all substitutions, to look at and to select from" },
    async () => {
      const { htmlPage } = await import("../../report/htmlPage.js");
      const text = await htmlPage({ title: "Variant effects", body: WAITING, script: SCRIPT });
      const ui = { prefersBorder: false };
      return { contents: [{ uri: URI, mimeType: RESOURCE_MIME_TYPE, text, _meta: { ui } }] };
    },
  );
}
