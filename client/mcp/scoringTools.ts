import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import * as z from "zod";
import type { Submission, ToolsClient } from "../tools.js";
import { predict, type PredictOptions } from "../predict.js";
import { answered, jobOf, summaryOf } from "./job.js";
import {
  allowDna,
  jobFields,
  model,
  name,
  scoredVariant,
  scoring,
  sequence,
  top,
  variants,
  waitSeconds,
} from "./shapes.js";
import { addTool, type Extra } from "./tool.js";
import { SHOWN_AS_HEATMAP } from "./view/heatmapView.js";

/** Longest pause between two looks at a job, in seconds: agents wait for it. */
const LONGEST_PAUSE = 10;

/** Submitting the same request again is the same job, so these tools may be called again. */
const ANNOTATIONS = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
} as const;

/** Adds the tools that submit proteins. */
export function addScoringTools(server: McpServer, tools: ToolsClient): void {
  addTool(
    server,
    "predict_variant_effects",
    {
      title: "Predict variant effects",
      description:
        "Scores all 19 substitutions at every position of one protein, and returns the best and worst of them and the positions that tolerate least. Use it to choose mutations without a list of your own. A new endpoint needs minutes to start: the answer then says when to call get_results.",
      input: z.strictObject({
        sequence,
        name,
        scoring,
        model,
        top,
        allow_dna_letters: allowDna,
        wait_seconds: waitSeconds,
      }),
      output: {
        ...jobFields,
        sequence_length: z.int().optional(),
        best: z.array(scoredVariant).optional(),
        worst: z.array(scoredVariant).optional(),
        sensitive_positions: z
          .array(z.object({ position: z.int(), wild_type: z.string(), mean: z.number().nullable() }))
          .optional()
          .describe("positions with the lowest mean llr: mutations there are tolerated least"),
      },
      annotations: ANNOTATIONS,
      _meta: SHOWN_AS_HEATMAP,
    },
    async ({ sequence: residues, top: shown, wait_seconds: seconds, ...rest }, extra) => {
      const waiting = waitingOf(extra, seconds, { top: shown });
      const answer = await predict(tools, submissionOf(residues, rest), waiting);
      const summary = summaryOf(answer);
      const next = "explain_position for one position, compare_variants for a few variants, or read the linked matrix.";
      return answered({
        ...jobOf(answer, next),
        ...(summary && {
          sequence_length: summary.sequence_length,
          best: summary.best,
          worst: summary.worst,
          sensitive_positions: summary.positions.map(({ position, wild_type: wildType, mean }) => ({
            position,
            wild_type: wildType,
            mean,
          })),
        }),
      });
    },
  );
  addTool(
    server,
    "score_variants",
    {
      title: "Score chosen variants",
      description:
        "Scores the variants that you name, single or multiple mutants, in one protein. Use it when you have a list; predict_variant_effects proposes one.",
      input: z.strictObject({
        sequence,
        variants,
        name,
        scoring,
        model,
        allow_dna_letters: allowDna,
        wait_seconds: waitSeconds,
      }),
      output: { ...jobFields, variants: z.array(scoredVariant).optional() },
      annotations: ANNOTATIONS,
    },
    async ({ sequence: residues, variants: asked, wait_seconds: seconds, ...rest }, extra) => {
      const submission = { ...submissionOf(residues, rest), variants: asked };
      const answer = await predict(tools, submission, waitingOf(extra, seconds, { variants: asked, top: 1 }));
      const summary = summaryOf(answer);
      return answered({
        ...jobOf(answer, "compare_variants ranks them; explain_position shows what else a position tolerates."),
        ...(summary && { variants: summary.variants }),
      });
    },
  );
}

/** What a tool submits: its arguments as they are, as far as they were given. */
function submissionOf(residues: string, rest: Readonly<Record<string, unknown>>): Submission {
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return { sequence: residues, ...Object.fromEntries(given) };
}

/** How a call waits: with progress for clients that ask for it, and until the client cancels. */
function waitingOf(extra: Extra, seconds: number, query: PredictOptions["query"]): PredictOptions {
  const token = extra._meta?.progressToken;
  return {
    query: { ...query, detail: "summary" },
    firstPollSeconds: 0,
    longestPauseSeconds: LONGEST_PAUSE,
    waitSeconds: seconds,
    signal: extra.signal,
    onProgress: async ({ elapsedSeconds, phase }) => {
      if (token === undefined) return;
      await extra.sendNotification({
        method: "notifications/progress",
        params: { progressToken: token, progress: elapsedSeconds, total: seconds, message: phase },
      });
    },
  };
}
