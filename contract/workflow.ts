import * as z from "zod";
import {
  SOURCE_GROUPS,
  type AlignmentAnswer,
  type AlignmentTask,
  type ResolveAnswer,
  type ResolveTask,
  type RetrievalAnswer,
  type RetrievalTask,
  type SourceGroup,
  type SourceTask,
} from "./evidence.js";
import { uuidOf } from "./jobs.js";
import { MAX_NAME_LENGTH } from "./limits.js";
import { PREFIXES } from "./storage.js";

/** Most regions of one workflow. */
export const MAX_REGIONS = 10_000;

/** Most characters of the FASTA text of homologues: the call of a function takes 6 MB in all. */
export const MAX_HOMOLOGUES_CHARACTERS = 2_000_000;

const aligner = z.enum(["clustalo", "mafft"]);

/** The input of a workflow. */
export const workflowInput = z.strictObject({
  sequence: z.string().optional().describe("one protein, plain or FASTA"),
  accession: z
    .string()
    .optional()
    .describe("UniProt accession; with sequence or regions, the entry whose evidence is asked for"),
  regions: z
    .array(z.record(z.string(), z.unknown()))
    .min(1)
    .max(MAX_REGIONS)
    .optional()
    .describe(
      "a list of regions of genomes; without sequence and accession, the first is the protein, the others homologues",
    ),
  variants: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe("substitutions such as K10A, a text or a list"),
  sources: z
    .array(z.enum(SOURCE_GROUPS))
    .optional()
    .describe(`a list of ${SOURCE_GROUPS.join(", ")}; default all where there is an accession, none otherwise`),
  homologues: z
    .string()
    .max(MAX_HOMOLOGUES_CHARACTERS)
    .optional()
    .describe("FASTA text of proteins that are aligned with this one"),
  aligner: aligner.optional().describe("default clustalo"),
  share_sequence: z
    .boolean()
    .optional()
    .describe("whether the sequence itself may be sent to third parties; default false"),
  score: z.boolean().optional().describe("whether the model scores the protein; default true"),
  name: z.string().max(MAX_NAME_LENGTH).optional().describe("name of the protein"),
});

export type WorkflowInput = z.input<typeof workflowInput>;

/** A checked request, as it is kept in S3. */
export interface WorkflowRequest {
  /** Canonical sequence; absent where accession or regions give it. */
  readonly sequence?: string;
  readonly accession?: string;
  readonly regions?: readonly Readonly<Record<string, unknown>>[];
  /** Canonical variants (`K10A`). */
  readonly variants: readonly string[];
  readonly sources: readonly SourceGroup[];
  readonly homologues?: string;
  readonly aligner: z.infer<typeof aligner>;
  readonly share_sequence: boolean;
  readonly score: boolean;
  readonly name?: string;
}

/** The states of a workflow. */
export const WORKFLOW_STATUSES = ["running", "completed", "failed", "cancelled"] as const;
export type WorkflowStatus = (typeof WORKFLOW_STATUSES)[number];

/**
 * A workflow in the ledger, under {@link workflowKey}. Its `state` is none of a job: no list of jobs has it, and the index by
 * state finds workflows beside jobs.
 */
export interface WorkflowItem {
  /** The key of the item. */
  readonly output_id: string;
  readonly state: `workflow_${WorkflowStatus}`;
  readonly submitted_at: string;
  readonly expires_at: number;
  readonly workflow_id: string;
  /** Who started it: the ARN of an IAM identity, the client or user of a token, or {@link DIRECT_OWNER}. */
  readonly owner: string;
  readonly name?: string;
  readonly execution_arn: string;
  readonly completed_at?: string;
  /** Why it failed. */
  readonly reason?: string;
  /** The job that scores its protein. */
  readonly job_id?: string;
}

/** Owner of the workflows of direct calls of the function: Lambda does not say who calls. */
export const DIRECT_OWNER = "direct";

const WORKFLOW_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text can be the id of a workflow. */
export function isWorkflowId(text: string): boolean {
  return WORKFLOW_ID.test(text);
}

/** Key of a workflow in the ledger. */
export function workflowKey(workflowId: string): string {
  return `workflow/${workflowId}`;
}

/** Key of the item that has the newest completed workflow of a job and an owner, in `workflow_id`. */
export function jobWorkflowKey(jobId: string, owner: string): string {
  return `workflow-of/${uuidOf(JSON.stringify([jobId, owner]))}`;
}

/** The state of the items that say which workflow a job has: they are in no list. */
export const POINTER_STATE = "workflow_pointer";

/** What the state machine starts with. */
export interface WorkflowExecution {
  readonly workflow: string;
  /** Absent without regions. */
  readonly retrieve?: RetrievalTask;
  /** Absent without an accession. */
  readonly resolve?: ResolveTask;
}

/** Names of the files of a workflow. */
export const WORKFLOW_FILES = {
  request: "request.json",
  /** The caller's sequence as plain text. */
  sequence: "sequence.txt",
  regions: "regions.json",
  /** Folder of what retrieval writes. */
  retrieved: "retrieved/",
  resolved: "resolved.json",
  protein: "protein.json",
  /** What is prepared: variants, their origin, and what is not scored. */
  prepared: "prepared.json",
  family: "family.fasta",
  /** Folder of what alignment writes. */
  alignment: "alignment/",
  /** Folder of the answers of sources. */
  sources: "sources/",
  table: "evidence.json",
  page: "report.html",
} as const;

/** Key of a file of a workflow. */
export function workflowFile(workflowId: string, file: keyof typeof WORKFLOW_FILES, more = ""): string {
  return `${PREFIXES.evidence}${workflowId}/${WORKFLOW_FILES[file]}${more}`;
}

/** An error of a state, as Step Functions gives it. */
export interface StateError {
  readonly Error: string;
  readonly Cause?: string;
}

/** The answer of a state, or its error. */
export interface Ended<Answer> {
  readonly answer?: Answer;
  readonly error?: StateError;
}

/** What the state of an execution is when it is prepared. */
export interface GatheredFirst {
  readonly workflow: string;
  readonly retrieval?: Ended<RetrievalAnswer>;
  readonly resolution?: Ended<ResolveAnswer>;
}

/** What is to be done for a protein that is known. */
export interface Plan {
  readonly workflow: string;
  readonly score: boolean;
  readonly sources: readonly SourceTask[];
  /** Absent where there is nothing to align. */
  readonly align?: AlignmentTask;
}

/** A source as it was asked, and its error if it could not be. */
export interface AskedSource extends Pick<SourceTask, "source"> {
  readonly error?: StateError;
}

/** A plan with what its branches ended with: the model, the sources, the alignment. */
export interface Gathered extends Plan {
  readonly gathered: readonly [
    { readonly error?: StateError },
    readonly AskedSource[],
    /** What a job of AWS Batch ended with is in its file: the state has its id alone. */
    { readonly alignment?: Ended<AlignmentAnswer> & { readonly job?: string } },
  ];
}

/** The tasks of the function of the steps of workflows. */
export type StepTask =
  | { readonly task: "prepare"; readonly state: GatheredFirst }
  | { readonly task: "score"; readonly workflow: string; readonly token: string }
  | { readonly task: "join"; readonly state: Gathered }
  | { readonly task: "report"; readonly workflow: string }
  | { readonly task: "fail"; readonly workflow: string; readonly error: StateError }
  | { readonly task: "archive"; readonly day?: string };
