import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import * as z from "zod";
import { AMINO_ACIDS } from "../../contract/aminoAcids.js";
import type { ScoredVariant } from "../../contract/summary.js";
import type { ListJobsData } from "../../contract/tools.js";
import type { ToolsClient } from "../tools.js";
import type { PositionEvidence, WorkflowsClient } from "../workflows.js";
import { answered, jobOf, summaryOf } from "./job.js";
import {
  evidence,
  jobFields,
  limit,
  nextToken,
  outputId,
  position as onePosition,
  positionProfile,
  positions as pages,
  scoredVariant,
  status,
  tag,
  top,
  variants,
} from "./shapes.js";
import { addTool } from "./tool.js";
import { SHOWN_AS_HEATMAP } from "./view/heatmapView.js";

const ANNOTATIONS = { readOnlyHint: true, openWorldHint: false } as const;

/** Adds the tools that read jobs and results. */
export function addReadingTools(server: McpServer, tools: ToolsClient, workflows?: WorkflowsClient): void {
  addTool(
    server,
    "get_results",
    {
      title: "Get results",
      description:
        "Reads the state of a job and, once it is completed, its best and worst variants. `positions` gives a profile of chosen positions: page through a protein with 1-40, 41-80, ...",
      input: z.strictObject({ output_id: outputId, top, positions: pages }),
      output: {
        ...jobFields,
        sequence_length: z.int().optional(),
        best: z.array(scoredVariant).optional(),
        worst: z.array(scoredVariant).optional(),
        positions: z.array(positionProfile).optional(),
      },
      annotations: ANNOTATIONS,
      _meta: SHOWN_AS_HEATMAP,
    },
    async ({ output_id: id, top: shown, positions }) => {
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
    },
  );
  addTool(
    server,
    "explain_position",
    {
      title: "Explain a position",
      description:
        "All 19 substitutions at one position of a completed job, best first, and how sensitive the position is. Where a workflow gathered evidence for the job, also what sources say about the position, each with its source: research use only.",
      input: z.strictObject({ output_id: outputId, position: onePosition }),
      output: {
        ...jobFields,
        position: positionProfile.optional(),
        variants: z.array(scoredVariant).optional(),
        evidence: evidence.optional(),
      },
      annotations: ANNOTATIONS,
    },
    async ({ output_id: id, position }) => {
      const query = { output_id: id, detail: "summary" as const, top: 1, positions: String(position) };
      const profile = summaryOf(await tools.getResults(query))?.positions[0];
      const asked = profile ? substitutionsAt(profile.wild_type, position) : [];
      const answer = await tools.getResults({ ...query, variants: asked });
      const known = await evidenceAt(workflows, id, position);
      return answered({
        ...jobOf(answer, "score_variants for a combination of sites."),
        ...(profile && { position: profile, variants: bestFirst(summaryOf(answer)?.variants ?? []) }),
        ...(known && { evidence: known }),
      });
    },
  );
  addTool(
    server,
    "compare_variants",
    {
      title: "Compare variants",
      description: "Ranks a few variants of a completed job, best first, with the distance of each to the best one.",
      input: z.strictObject({ output_id: outputId, variants }),
      output: {
        ...jobFields,
        variants: z.array(scoredVariant.extend({ behind_best: z.number().nullable() })).optional(),
      },
      annotations: ANNOTATIONS,
    },
    async ({ output_id: id, variants: asked }) => {
      const answer = await tools.getResults({ output_id: id, detail: "summary", top: 1, variants: asked });
      const ranked = bestFirst(summaryOf(answer)?.variants ?? []);
      const best = ranked[0]?.score ?? null;
      return answered({
        ...jobOf(
          answer,
          "Combine the best sites with score_variants: it adds their llr up, and leaves out how the sites act on one another.",
        ),
        variants: ranked.map((one) => ({
          ...one,
          behind_best: best === null || one.score === null ? null : Number((best - one.score).toFixed(4)),
        })),
      });
    },
  );
  addTool(
    server,
    "list_jobs",
    {
      title: "List jobs",
      description: "Jobs of the deployment, newest first.",
      input: z.strictObject({ status, tag, limit, next_token: nextToken }),
      output: {
        jobs: z.array(z.looseObject({ output_id: z.string(), status: z.string(), submitted_at: z.string() })),
        next_token: z.string().nullable(),
        next: jobFields.next,
      },
      annotations: ANNOTATIONS,
    },
    async ({ limit: most, ...query }) => {
      const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
      const page = await smallPage((size) => tools.listJobs({ ...given, limit: size }), most);
      const more = page.next_token === null ? "" : " More jobs: list_jobs with next_token.";
      return answered({ ...page, next: `get_results with the output_id of a job.${more}` });
    },
  );
}

/** Most bytes of a page of jobs: an answer with it stays under 8 kB. */
const MOST_PAGE_BYTES = 7500;

/** A page of jobs that fits an answer: shorter where names, tags and reasons are long. */
async function smallPage(list: (size: number) => Promise<ListJobsData>, size: number): Promise<ListJobsData> {
  const page = await list(size);
  const fits = Buffer.byteLength(JSON.stringify(page)) <= MOST_PAGE_BYTES;
  return fits || size === 1 ? page : smallPage(list, Math.floor(size / 2));
}

/** The evidence of a position; undefined where the stack has no workflows, or none of this job. */
async function evidenceAt(
  workflows: WorkflowsClient | undefined,
  outputId: string,
  position: number,
): Promise<PositionEvidence | undefined> {
  try {
    const found = await workflows?.explainPosition(outputId, position);
    return found?.workflow_id === null ? undefined : found;
  } catch (error) {
    // A stack without `evidence` has no such function, and not every caller may call it.
    if (error instanceof Error && NO_WORKFLOWS.includes(error.name)) return undefined;
    throw error;
  }
}

const NO_WORKFLOWS: readonly string[] = ["ResourceNotFoundException", "AccessDeniedException"];

function substitutionsAt(wildType: string, position: number): string[] {
  return Array.from(AMINO_ACIDS)
    .filter((mutant) => mutant !== wildType)
    .map((mutant) => `${wildType}${position}${mutant}`);
}

function bestFirst(scored: readonly ScoredVariant[]): ScoredVariant[] {
  return scored.toSorted((a, b) => (b.score ?? -Infinity) - (a.score ?? -Infinity));
}
