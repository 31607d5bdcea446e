import { InputError } from "../../../contract/errors.js";
import {
  SOURCES,
  type AlignmentTask,
  type ResolvedProtein,
  type RetrievalAnswer,
  type SourceTask,
} from "../../../contract/evidence.js";
import type { ProteinVariants } from "../../../contract/genome.js";
import { s3Uri, type S3Location } from "../../../contract/storage.js";
import type { PartStatus } from "../../../contract/evidenceTable.js";
import { workflowFile, type GatheredFirst, type Plan, type WorkflowRequest } from "../../../contract/workflow.js";
import { readSubmission } from "../../shared/submissionInput.js";
import { unlistedText } from "../failures.js";
import { fastaOf, readFamily, readRetrieved, withDistinctNames, type Family, type NamedSequence } from "./family.js";
import { chooseVariants } from "./proteinVariants.js";
import { readFile, readJson, readRequestOf, writeFile, type Prepared, type StepServices } from "./services.js";
import { reasonOf } from "./stateError.js";

/** What retrieval gave: nothing where there are no regions, or it failed. */
interface Retrieved {
  readonly status: Prepared["retrieval"];
  readonly answer?: RetrievalAnswer;
  readonly sequences: readonly NamedSequence[];
  readonly variants: readonly ProteinVariants[];
}

/**
 * Decides what the branches of a workflow do, now that its protein is known: the caller's sequence, that of the accession,
 * or that of the first region.
 *
 * @throws InputError if there is no protein
 */
export async function prepare(state: GatheredFirst, services: StepServices): Promise<Plan> {
  const { workflow } = state;
  const request = await readRequestOf(workflow, services);
  const retrieved = await retrievedOf(state, services);
  const resolution = resolutionOf(state);
  const protein = await proteinOf(request, state, retrieved, services);
  const family = familyOf(request, protein, retrieved);
  const score = scoreOf(request, protein.sequence);
  const variants = chooseVariants(request.variants, retrieved.variants, protein.sequence);
  const aligned = family.sequences.length > 1 || retrieved.sequences.length > 0;
  const prepared: Prepared = {
    name: protein.name ?? protein.accession ?? family.reference,
    ...variants,
    retrieval: withFailed(retrieved.status, family.failed),
    ...(resolution && { resolution }),
    score,
    alignment: aligned ? { status: "ok" } : { status: "not asked", reason: "there are no homologues" },
  };
  await Promise.all([
    writeFile(workflow, "prepared", prepared, services),
    writeFile(workflow, "protein", protein, services),
    aligned &&
      services.objects.writeText(
        services.settings.bucketName,
        workflowFile(workflow, "family"),
        fastaOf(family.sequences),
      ),
  ]);
  return {
    workflow,
    score: score.status === "ok",
    sources: sourceTasks(workflow, request, services),
    ...(aligned && { align: alignmentTask(workflow, request, family.reference, retrieved, services) }),
  };
}

async function retrievedOf({ retrieval }: GatheredFirst, services: StepServices): Promise<Retrieved> {
  const none = { sequences: [], variants: [] };
  if (retrieval?.error) return { ...none, status: { status: "failed", reason: reasonOf(retrieval.error) } };
  const answer = retrieval?.answer;
  if (answer === undefined) return { ...none, status: { status: "not asked", reason: "there are no regions" } };
  const { count, failed } = answer;
  const reason = unlistedText(answer);
  const text = count === 0 ? "" : ((await services.objects.readText(s3Uri(answer.sequences))) ?? "");
  return {
    status: {
      status: "ok",
      ...(reason !== undefined && { reason: `${reason}; all are in ${s3Uri(answer.sequence_info)}` }),
      sequences: count,
      failed,
    },
    answer,
    sequences: readRetrieved(text),
    variants: (await readJson(answer.variants, services)) as readonly ProteinVariants[],
  };
}

/** Why nothing is known of the accession; undefined if it is, or there is none. */
function resolutionOf({ resolution }: GatheredFirst): PartStatus | undefined {
  if (resolution === undefined || resolution.answer?.status === "ok") return undefined;
  const { answer, error } = resolution;
  const reason = error ? reasonOf(error) : answer?.reason;
  return { status: answer?.status ?? "unavailable", ...(reason !== undefined && { reason }) };
}

type Request = Omit<WorkflowRequest, "regions">;

async function proteinOf(
  { sequence, accession, name }: Request,
  state: GatheredFirst,
  retrieved: Retrieved,
  services: StepServices,
): Promise<ResolvedProtein> {
  if (state.resolution?.answer?.status === "ok") {
    return (await readFile(state.workflow, "resolved", services)) as ResolvedProtein;
  }
  const named = { ...(name !== undefined && { name }), ...(accession !== undefined && { accession }) };
  if (sequence !== undefined) return { ...named, sequence };
  if (accession !== undefined) {
    throw new InputError(
      "INVALID_INPUT",
      `The protein of accession ${accession} is not known: ${resolutionOf(state)?.reason ?? "it was not asked for"}. Send its sequence too.`,
    );
  }
  const first = await firstRegion(state.workflow, retrieved, services);
  return { name: name ?? first.name, sequence: first.sequence };
}

/** The reference protein of the first region. */
async function firstRegion(
  workflow: string,
  { status, sequences }: Retrieved,
  services: StepServices,
): Promise<NamedSequence> {
  const file = (await readFile(workflow, "regions", services)) as {
    readonly seq_regions: readonly Readonly<Record<string, unknown>>[];
  };
  const { unique_entry_id: id, base_seq_name: name } = file.seq_regions[0] ?? {};
  const found = sequences.find((one) => one.name === name || one.name === `${String(name)}_ref`);
  if (found) return found;
  const reason = status.failed?.find(({ unique_entry_id: failed }) => failed === id)?.reason ?? status.reason;
  throw new InputError(
    "INVALID_INPUT",
    `The first region gave no protein: ${reason ?? "it has no sequence of its name"}. Correct it, or send the sequence of the protein.`,
  );
}

/** Whether the model scores the protein: some have residues that it does not know. */
function scoreOf({ score }: Request, sequence: string): PartStatus {
  if (!score) return { status: "not asked", reason: "the caller did not ask for scores" };
  try {
    readSubmission({ sequence, allow_dna_letters: true });
    return { status: "ok" };
  } catch (error) {
    if (error instanceof InputError) return { status: "failed", reason: error.message };
    throw error;
  }
}

/** The sequences that are aligned; the protein is one of them. */
function familyOf(
  { homologues = "" }: Request,
  protein: ResolvedProtein,
  { sequences }: Retrieved,
): Family & { readonly reference: string } {
  const given = homologues.trim() === "" ? { sequences: [], failed: [] } : readFamily(homologues);
  const own = sequences.find(({ sequence }) => sequence === protein.sequence);
  const name = (protein.name ?? protein.accession ?? "protein").replaceAll(/[^\w.:|-]+/g, "_");
  const reference = own?.name ?? name;
  const others = [...sequences, ...given.sequences];
  const all = own ? others : [{ name: reference, sequence: protein.sequence }, ...others];
  return { sequences: withDistinctNames(all), failed: given.failed, reference };
}

function withFailed(status: Prepared["retrieval"], failed: Family["failed"]): Prepared["retrieval"] {
  return failed.length === 0 ? status : { ...status, failed: [...(status.failed ?? []), ...failed] };
}

function sourceTasks(workflow: string, request: Request, { settings }: StepServices): SourceTask[] {
  const { bucketName: bucket } = settings;
  const asked = Object.entries(SOURCES).filter(([, group]) => request.sources.includes(group));
  return asked.map(([source]) => ({
    task: "source",
    source,
    protein: { bucket, key: workflowFile(workflow, "protein") },
    share_sequence: request.share_sequence,
    output: { bucket, key: workflowFile(workflow, "sources", `${source}.json`) },
  }));
}

function alignmentTask(
  workflow: string,
  { aligner }: Request,
  reference: string,
  { answer }: Retrieved,
  { settings }: StepServices,
): AlignmentTask {
  const at = (file: "family" | "alignment"): S3Location => ({
    bucket: settings.bucketName,
    key: workflowFile(workflow, file),
  });
  return {
    task: "align",
    sequences: at("family"),
    ...(answer && { sequence_info: answer.sequence_info }),
    reference,
    aligner,
    output: at("alignment"),
  };
}
