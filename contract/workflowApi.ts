import type { Route } from "./httpApi.js";
import { SOURCE_GROUPS } from "./evidence.js";

/** What the function of workflows does. */
export const WORKFLOW_ACTIONS = [
  "start_workflow",
  "get_workflow",
  "get_workflow_results",
  "cancel_workflow",
  "explain_position",
] as const;
export type WorkflowAction = (typeof WORKFLOW_ACTIONS)[number];

/** A method of the HTTP API that is a call of the function of workflows. */
export interface WorkflowRoute extends Route {
  readonly action: Exclude<WorkflowAction, "explain_position">;
  /** Arguments that the route sets, whatever the body says. */
  readonly always?: Readonly<Record<string, unknown>>;
}

/** What each analysis is: a group of sources, without the model. */
const ANALYSES: Readonly<Record<(typeof SOURCE_GROUPS)[number], string>> = {
  genomics: "Starts a workflow of the sources about variants of genomes, without the model.",
  proteomics: "Starts a workflow of the sources about the protein and its structure, without the model.",
  literature: "Starts a workflow of the sources of literature, without the model.",
  drug: "Starts a workflow of the sources about drugs and trials, without the model. It gives no advice on treatment.",
};

const started = { method: "post", action: "start_workflow", status: 202 } as const;

/** The methods of the HTTP API that are there with `evidence`. */
export const WORKFLOW_ROUTES: readonly WorkflowRoute[] = [
  {
    ...started,
    path: "/workflows",
    operationId: "createWorkflow",
    summary:
      "Starts a workflow that gathers the evidence for one protein. Location has the address to poll, Retry-After the seconds until then.",
  },
  {
    method: "get",
    path: "/workflows/{workflow_id}",
    operationId: "getWorkflow",
    summary: "State of a workflow of the caller.",
    action: "get_workflow",
    status: 200,
  },
  {
    method: "get",
    path: "/workflows/{workflow_id}/results",
    operationId: "getWorkflowResults",
    summary: "The table of a completed workflow, with links to it and to a page; 409 for every other workflow.",
    action: "get_workflow_results",
    status: 200,
  },
  {
    method: "post",
    path: "/workflows/{workflow_id}/cancel",
    operationId: "cancelWorkflow",
    summary: "Cancels a workflow that has not ended.",
    action: "cancel_workflow",
    status: 200,
  },
  ...SOURCE_GROUPS.map((group) => ({
    ...started,
    path: `/analysis/${group}`,
    operationId: `analyse${group.charAt(0).toUpperCase()}${group.slice(1)}`,
    summary: ANALYSES[group],
    always: { sources: [group], score: false },
  })),
  {
    ...started,
    path: "/analysis/decision",
    operationId: "analyseDecision",
    summary:
      "Starts a whole workflow: all sources, the model, and their deterministic join. It decides nothing: the table shows what each source says.",
    always: { score: true },
  },
];
