/**
 * The script of the heatmap in a conversation. It reads the matrix through the client, because it has no network, and
 * tells the model which variants the reader selected.
 *
 * @see https://github.com/modelcontextprotocol/ext-apps (SEP-1865, MCP Apps)
 */
import { App } from "@modelcontextprotocol/ext-apps";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { VariantEffects } from "../../../contract/result.js";
import { say } from "../../report/page/elements.js";
import { showReport } from "../../report/page/showReport.js";
import type { Store } from "../../report/page/store.js";
import { reportBody } from "../../report/reportBody.js";
import { reportData, type ReportData } from "../../report/reportData.js";
import { describe } from "../../report/table.js";
import { substitutionAt } from "../../substitutions.js";

/** The fields of an answer about a job that the view needs, see client/mcp/job.ts. */
interface JobAnswer {
  readonly output_id: string;
  readonly name?: string;
  readonly status: string;
  readonly retry_after_seconds: number | null;
  readonly reason?: string;
  readonly next: string;
}

/** What a client says of itself. Stated here, because TypeScript cannot resolve these types of the library. */
interface HostCapabilities {
  readonly updateModelContext?: object;
  readonly downloadFile?: object;
}
interface HostContext {
  readonly theme?: "light" | "dark";
}

/** Most selected variants that the model is told. */
const MOST_TOLD = 60;

const app = new App({ name: "amplify-vep heatmap", version: "1" }, {});

/** Shows the result of a job; waits for it if it is not finished. */
async function follow(answer: CallToolResult): Promise<void> {
  const job = answer.structuredContent as unknown as JobAnswer | undefined;
  if (answer.isError === true || job === undefined) {
    say(textOf(answer));
  } else if (job.status === "completed") {
    await show(job);
  } else if (job.status === "in_progress") {
    say("The protein is being scored. The heatmap appears here once it is done.");
    await new Promise((resolve) => setTimeout(resolve, (job.retry_after_seconds ?? 5) * 1000));
    await follow(await app.callServerTool({ name: "get_results", arguments: { output_id: job.output_id } }));
  } else {
    say(`The job ${job.status}: ${job.reason ?? "no reason given"}. ${job.next}`);
  }
}

async function show({ output_id: id, name }: JobAnswer): Promise<void> {
  const { contents } = await app.readServerResource({ uri: `vep://results/${id}/matrix` });
  const text = contents.map((content) => ("text" in content ? content.text : "")).join("");
  const data = reportData(JSON.parse(text) as VariantEffects, name ?? id);
  document.body.innerHTML = reportBody(data);
  const store = showReport(data, (file, content) => {
    void save(file, content).catch(refused);
  });
  if (host()?.updateModelContext) tellSelection(data, store);
}

/** Tells the model what is selected, after each change. */
function tellSelection(data: ReportData, store: Store): void {
  let told = store.view.selected;
  store.listen(({ selected }) => {
    if (selected === told) return;
    told = selected;
    const described = selected.slice(0, MOST_TOLD).map((cell) => describe(substitutionAt(data, cell)));
    const text = `Variants of ${data.name} that the reader selected in the heatmap (${selected.length}): ${described.join("; ")}`;
    void app.updateModelContext({ content: [{ type: "text", text }] }).catch(refused);
  });
}

/** The sandbox of a view saves no files: the client does, if it can. */
async function save(file: string, content: Blob): Promise<void> {
  if (!host()?.downloadFile) {
    say(`This client saves no files from a view. Open the linked report to save ${file}.`);
    return;
  }
  const bytes = new Uint8Array(await content.arrayBuffer());
  const blob = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const resource = { uri: `file:///${file}`, mimeType: content.type, blob };
  const { isError } = await app.downloadFile({ contents: [{ type: "resource", resource }] });
  say(isError === true ? `${file} was not saved.` : `Saved ${file}.`);
}

function host(): HostCapabilities | undefined {
  return app.getHostCapabilities() as HostCapabilities | undefined;
}

function textOf({ content }: CallToolResult): string {
  return content.map((block) => (block.type === "text" ? block.text : "")).join(" ");
}

function refused(error: unknown): void {
  say(error instanceof Error ? error.message : String(error));
}

function useTheme({ theme }: HostContext): void {
  if (theme !== undefined) document.documentElement.dataset["theme"] = theme;
}

app.addEventListener("toolresult", (answer: CallToolResult) => {
  void follow(answer).catch(refused);
});
app.addEventListener("hostcontextchanged", useTheme);
void app.connect().then(() => {
  useTheme((app.getHostContext() as HostContext | undefined) ?? {});
}, refused);
