import { GetObjectCommand, NoSuchKey, type S3Client } from "@aws-sdk/client-s3";
import { paginateQuery, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { ProteinPair, ScoredPair, VersionJob } from "../../client/modelComparison.js";
import { ranked, scoresOf } from "../../client/substitutions.js";
import { ToolError } from "../../contract/errors.js";
import { LEDGER_INDEXES, type LedgerItem } from "../../contract/jobs.js";
import type { VariantEffects } from "../../contract/result.js";
import { parseS3Uri } from "../../contract/storage.js";
import { readResult } from "../../lambda/shared/storedResult.js";
import type { ComparedVersions, UnreadableResult } from "./storedComparison.js";

/** Most jobs of a version that are read, newest first. */
const MOST_JOBS = 10_000;

/** The ledger and the bucket of results. */
export interface LedgerSource {
  readonly documents: DynamoDBDocumentClient;
  readonly table: string;
  readonly s3: S3Client;
}

/**
 * Reads two versions from the ledger, and their results from S3: for stacks without a result store, and for what is not
 * stored yet.
 *
 * @param a `model_version` of the record
 * @param most proteins, those that `b` scored last
 */
export async function fromLedger(source: LedgerSource, a: string, b: string, most: number): Promise<ComparedVersions> {
  const [ofA, ofB] = [await jobsOf(source, a), await jobsOf(source, b)];
  const byRequest = new Map(ofA.filter(isCompleted).map((job) => [requestOf(job), job]));
  const shared = ofB.filter(isCompleted).flatMap((job) => {
    const other = byRequest.get(requestOf(job));
    return other ? [{ a: other, b: job }] : [];
  });
  const computed = new Map<string, number | null>();
  const proteins = new Map<string, ProteinScores>();
  const unreadable: UnreadableResult[] = [];
  for (const pair of shared.slice(0, most)) {
    const read = [await resultOf(pair.a, source), await resultOf(pair.b, source)] as const;
    const [one, other] = read;
    if ("reason" in one || "reason" in other) {
      unreadable.push(...read.flatMap((result) => ("reason" in result ? [result] : [])));
      continue;
    }
    computed.set(pair.a.output_id, computeSeconds(one.result));
    computed.set(pair.b.output_id, computeSeconds(other.result));
    addScores(proteins, pair.b, one.result, other.result);
  }
  const works = (jobs: readonly LedgerItem[]): VersionJob[] => jobs.map((job) => workOf(job, computed));
  return { proteins: comparedIn(proteins), unreadable, jobs: { a: works(ofA), b: works(ofB) } };
}

async function jobsOf({ documents, table }: LedgerSource, version: string): Promise<LedgerItem[]> {
  const found: LedgerItem[] = [];
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: table,
      IndexName: LEDGER_INDEXES.byModel,
      KeyConditionExpression: "image_digest = :version",
      ExpressionAttributeValues: { ":version": version },
      ScanIndexForward: false,
    },
  );
  for await (const { Items = [] } of pages) {
    found.push(...(Items as LedgerItem[]));
    if (found.length >= MOST_JOBS) break;
  }
  return found.slice(0, MOST_JOBS);
}

function isCompleted({ state }: LedgerItem): boolean {
  return state === "completed";
}

/** Jobs with equal texts read the same protein in the same way; which positions they scored, the results say. */
function requestOf({ sequence_sha256, scoring, masked_copies }: LedgerItem): string {
  return `${sequence_sha256} ${scoring} ${masked_copies ?? ""}`;
}

/** The result of a job, or why it cannot be read: one damaged object must not hide the other proteins. */
async function resultOf(
  job: LedgerItem,
  { s3 }: LedgerSource,
): Promise<{ readonly result: VariantEffects } | UnreadableResult> {
  try {
    return { result: readResult(await textAt(job.output_location, s3), job) };
  } catch (error) {
    const { output_id } = job;
    if (error instanceof ToolError) return { output_id, reason: error.message };
    if (error instanceof Error && error.name === "InvalidObjectState")
      return { output_id, reason: "The stored result is archived." };
    throw error;
  }
}

/** The text of an object; undefined if there is none. */
async function textAt(location: string | undefined, s3: S3Client): Promise<string | undefined> {
  if (location === undefined) return undefined;
  const { bucket, key } = parseS3Uri(location);
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** The substitutions of a protein that both scored, by their name. */
interface ProteinScores extends Omit<ProteinPair, "pairs"> {
  readonly pairs: Map<string, ScoredPair>;
}

/** Adds what two jobs for one protein have in common: several requests for a protein are compared as one. */
function addScores(
  proteins: Map<string, ProteinScores>,
  { sequence_sha256, scoring }: LedgerItem,
  one: VariantEffects,
  other: VariantEffects,
): void {
  const key = `${sequence_sha256} ${scoring}`;
  const known = proteins.get(key) ?? { sequence_sha256, scoring, pairs: new Map<string, ScoredPair>() };
  const scores = new Map(ranked(scoresOf(one)).map(({ hgvs, llr }) => [hgvs, llr]));
  for (const { hgvs, position, wildType, llr: b } of ranked(scoresOf(other))) {
    const a = scores.get(hgvs);
    if (a !== undefined && !known.pairs.has(hgvs)) known.pairs.set(hgvs, { position, wildType, a, b });
  }
  proteins.set(key, known);
}

/** The proteins with something to compare: requests for as many positions can be for others. */
function comparedIn(proteins: ReadonlyMap<string, ProteinScores>): ProteinPair[] {
  return [...proteins.values()].flatMap(({ pairs, ...of }) =>
    pairs.size === 0 ? [] : [{ ...of, pairs: [...pairs.values()] }],
  );
}

function workOf(job: LedgerItem, computed: ReadonlyMap<string, number | null>): VersionJob {
  const { state, sequence_length, submitted_at: start, completed_at: end } = job;
  return {
    state,
    sequence_length,
    seconds: end === undefined ? null : (Date.parse(end) - Date.parse(start)) / 1_000,
    gpu_seconds: computed.get(job.output_id) ?? null,
  };
}

function computeSeconds({ timing }: VariantEffects): number | null {
  const { compute_s: seconds } = timing;
  return typeof seconds === "number" ? seconds : null;
}
