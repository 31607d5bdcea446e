import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import * as z from "zod";
import { AMINO_ACIDS } from "../../contract/aminoAcids.js";
import { JOB_STATUSES } from "../../contract/jobs.js";
import type { ScoredVariant } from "../../contract/summary.js";
import type { ToolsClient } from "../tools.js";
import { answered, jobOf, orRefused, summaryOf } from "./job.js";
import { jobFields, outputId, positionProfile, scoredVariant, top, variants } from "./shapes.js";

const ANNOTATIONS = { readOnlyHint: true, openWorldHint: false } as const;

/** Adds the tools that read jobs and results. */
export function addReadingTools(server: McpServer, tools: ToolsClient): void {
  server.registerTool(
    "get_results",
    {
      title: "Get results",
      description:
        "Reads the state of a job and, once it is completed, its best and worst variants. `positions` gives a profile of chosen positions: page through a protein with 1-40, 41-80, ...",
      inputSchema: { output_id: outputId, top, positions: z.string().optional().describe("such as 10-25,40") },
      outputSchema: {
        ...jobFields,
        sequence_length: z.int().optional(),
        best: z.array(scoredVariant).optional(),
        worst: z.array(scoredVariant).optional(),
        positions: z.array(positionProfile).optional(),
      },
      annotations: ANNOTATIONS,
    },
    ({ output_id: id, top: shown, positions }) =>
      orRefused(async () => {
        const query = { output_id: id, detail: "summary" as const, top: shown };
        const answer = await tools.getResults(positions === undefined ? query : { ...query, positions });
        const summary = summaryOf(answer);
        return answered({
          ...jobOf(answer, "explain_position for one position, or compare_variants for a few variants."),
          ...(summary && {
            sequence_length: summary.sequence_length,
            best: summary.best,
            worst: summary.worst,
            positions: summary.positions,
          }),
        });
      }),
  );
  server.registerTool(
    "explain_position",
    {
      title: "Explain a position",
      description:
        "All 19 substitutions at one position of a completed job, best first, and how sensitive the position is.",
      inputSchema: { output_id: outputId, position: z.int().describe("1-based, in your numbering") },
      outputSchema: { ...jobFields, position: positionProfile.optional(), variants: z.array(scoredVariant).optional() },
      annotations: ANNOTATIONS,
    },
    ({ output_id: id, position }) =>
      orRefused(async () => {
        const query = { output_id: id, detail: "summary" as const, top: 1, positions: String(position) };
        const profile = summaryOf(await tools.getResults(query))?.positions[0];
        const asked = profile ? substitutionsAt(profile.wild_type, position) : [];
        const answer = await tools.getResults({ ...query, variants: asked });
        return answered({
          ...jobOf(answer, "score_variants for a combination of sites."),
          ...(profile && { position: profile, variants: bestFirst(summaryOf(answer)?.variants ?? []) }),
        });
      }),
  );
  server.registerTool(
    "compare_variants",
    {
      title: "Compare variants",
      description: "Ranks a few variants of a completed job, best first, with the distance of each to the best one.",
      inputSchema: { output_id: outputId, variants },
      outputSchema: {
        ...jobFields,
        variants: z.array(scoredVariant.extend({ behind_best: z.number().nullable() })).optional(),
      },
      annotations: ANNOTATIONS,
    },
    ({ output_id: id, variants: asked }) =>
      orRefused(async () => {
        const answer = await tools.getResults({ output_id: id, detail: "summary", top: 1, variants: asked });
        const ranked = bestFirst(summaryOf(answer)?.variants ?? []);
        const best = ranked[0]?.score ?? null;
        return answered({
          ...jobOf(answer, "Combine the best sites with score_variants: llr of several sites need not add up."),
          variants: ranked.map((one) => ({
            ...one,
            behind_best: best === null || one.score === null ? null : Number((best - one.score).toFixed(4)),
          })),
        });
      }),
  );
  server.registerTool(
    "list_jobs",
    {
      title: "List jobs",
      description: "Jobs of the deployment, newest first.",
      inputSchema: {
        status: z.enum(JOB_STATUSES).optional().describe("only jobs with this status"),
        tag: z.string().optional().describe("only submissions with this tag"),
        limit: z.int().min(1).max(20).default(10),
        next_token: z.string().optional().describe("next_token of the last answer"),
      },
      outputSchema: {
        jobs: z.array(z.looseObject({ output_id: z.string(), status: z.string(), submitted_at: z.string() })),
        next_token: z.string().nullable(),
        next: jobFields.next,
      },
      annotations: ANNOTATIONS,
    },
    ({ status, tag, limit, next_token: token }) =>
      orRefused(async () => {
        const page = await tools.listJobs({
          limit,
          ...(status && { status }),
          ...(tag !== undefined && { tag }),
          ...(token !== undefined && { next_token: token }),
        });
        const more = page.next_token === null ? "" : " More jobs: list_jobs with next_token.";
        return answered({ ...page, next: `get_results with the output_id of a job.${more}` });
      }),
  );
}

function substitutionsAt(wildType: string, position: number): string[] {
  return Array.from(AMINO_ACIDS)
    .filter((mutant) => mutant !== wildType)
    .map((mutant) => `${wildType}${position}${mutant}`);
}

function bestFirst(scored: readonly ScoredVariant[]): ScoredVariant[] {
  return scored.toSorted((a, b) => (b.score ?? -Infinity) - (a.score ?? -Infinity));
}
