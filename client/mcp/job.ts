import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { Summary } from "../../contract/summary.js";
import type { GetResultsData } from "../../contract/tools.js";
import type { Predicted } from "../predict.js";
import { SIGN } from "../score.js";
import { inOwnWords } from "./tool.js";

/** The summary of a completed job; undefined for other jobs. */
export function summaryOf({ results }: GetResultsData): Summary | undefined {
  // A full result can have fields of later versions: their names prove nothing.
  return results !== null && results["detail"] === "summary" ? (results as Summary) : undefined;
}

const SYNTHETIC = "Synthetic weights: a random model for tests made these scores. They say nothing about the protein.";
const MEANING = `llr ${SIGN}. It is no measurement.`;

/** What an agent must know before it uses scores; the notes of the tools, such as that of DNA-like input, are the last. */
function notesOf(answer: Predicted): string[] {
  const summary = summaryOf(answer);
  return [
    ...(summary ? [MEANING] : []),
    ...(summary?.model.weights === "synthetic" ? [SYNTHETIC] : []),
    ...[...(summary?.notes ?? []), ...(answer.notes ?? [])].map(inOwnWords),
  ];
}

/** The fields that every answer about a job has. */
export function jobOf(answer: Predicted, next: string): Record<string, unknown> {
  const { output_id: id, name, status, phase, retry_after_seconds: wait, reason } = answer;
  return {
    output_id: id,
    ...(name !== undefined && { name }),
    status,
    phase,
    retry_after_seconds: wait,
    ...(reason !== undefined && { reason }),
    notes: notesOf(answer),
    next: status === "completed" ? next : nextFor(answer),
  };
}

function nextFor({ output_id: id, status, phase, retry_after_seconds: wait }: GetResultsData): string {
  if (status !== "in_progress") return "The job has no result. Fix the reason, then submit again.";
  const why = phase === "warming" ? " An instance starts, which takes minutes." : "";
  return `Call get_results with output_id ${id} in ${Math.ceil(wait ?? 5)} s.${why}`;
}

/** An answer, as data and as the same data in text for clients that show text alone. */
export function answered(data: Record<string, unknown>): CallToolResult {
  const links = data["status"] === "completed" ? linksOf(String(data["output_id"])) : [];
  return { structuredContent: data, content: [{ type: "text", text: JSON.stringify(data) }, ...links] };
}

function linksOf(id: string): CallToolResult["content"] {
  return [
    {
      type: "resource_link",
      uri: `vep://results/${id}/matrix`,
      name: "matrix",
      title: "Whole matrix of scores",
      mimeType: "application/json",
    },
    {
      type: "resource_link",
      uri: `vep://results/${id}/report`,
      name: "report",
      title: "Heatmap as an HTML page",
      mimeType: "text/html",
    },
  ];
}
