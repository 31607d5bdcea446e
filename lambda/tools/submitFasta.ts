import { createHash } from "node:crypto";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { InputError, quoted } from "../../contract/errors.js";
import { dropOutput, FASTA_SUFFIXES, SUBMITTED_PREFIX, type DropSummary } from "../../contract/fastaDrop.js";
import { parseS3Uri, PREFIXES, s3Uri } from "../../contract/storage.js";
import { submitFastaInput, type SubmitFastaData } from "../../contract/tools.js";
import { FaultList, readArguments } from "../shared/arguments.js";
import { awsCall } from "../shared/awsCall.js";
import { fastaRecords } from "../shared/fastaRecords.js";
import type { JobServices } from "../shared/services.js";
import type { Done } from "./toolAnswer.js";

/** The queue of FASTA files. */
export interface FileQueue {
  readonly sqs: SQSClient;
  readonly url: string;
}

/**
 * `submit_fasta`: submits a whole FASTA file, by the way of an upload, or answers how far it is.
 *
 * @param queue undefined without `fastaDrop`
 * @throws InputError for invalid input, with nothing stored or started; ToolError if an AWS call fails
 */
export async function submitFasta(
  input: Readonly<Record<string, unknown>>,
  services: JobServices,
  queue: FileQueue | undefined,
): Promise<Done<SubmitFastaData>> {
  const { fasta, s3_uri: uri } = readFile(input);
  if (queue === undefined) {
    throw new InputError(
      "FASTA_OFF",
      "The stack takes no FASTA files; its operator can set fastaDrop to true. invoke_endpoint takes one protein.",
    );
  }
  return fasta === undefined
    ? askForFile(fileIn(uri ?? "", services.settings.bucketName), services, queue)
    : uploadFile(fasta, services);
}

function readFile(input: Readonly<Record<string, unknown>>): { readonly fasta?: string; readonly s3_uri?: string } {
  const faults = new FaultList();
  const { fasta, s3_uri: uri } = readArguments(submitFastaInput, input, faults);
  if (fasta === undefined && uri === undefined && Object.keys(input).length === 0) {
    faults.add("fasta", new InputError("INVALID_INPUT", "Send fasta, or s3_uri."));
  }
  if (fasta !== undefined && uri !== undefined) {
    faults.add("fasta", new InputError("INVALID_INPUT", "Send only one of fasta and s3_uri."));
  }
  faults.throwIfAny();
  return { ...(fasta !== undefined && { fasta }), ...(uri !== undefined && { s3_uri: uri }) };
}

/** Uploads a text under the name of its hash: the notification of S3 does the rest. */
async function uploadFile(fasta: string, services: JobServices): Promise<Done<SubmitFastaData>> {
  const { objects, settings } = services;
  await checkFile(Buffer.from(fasta));
  const key = `${SUBMITTED_PREFIX}${createHash("sha256").update(fasta).digest("hex").slice(0, 32)}.fasta`;
  const summary = await readSummary(key, services);
  if (summary === undefined) await objects.writeText(settings.bucketName, key, fasta);
  return done(key, summary, services);
}

/** @throws InputError if the whole file will be refused: its sender learns it at once */
async function checkFile(bytes: Buffer): Promise<void> {
  async function* once(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(bytes);
  }
  const records = fastaRecords(once());
  while (!(await records.next()).done);
}

/** Asks the function for FASTA files to read a file of any name. A file that was read before is not submitted twice. */
async function askForFile(key: string, services: JobServices, { sqs, url }: FileQueue): Promise<Done<SubmitFastaData>> {
  const { objects, settings } = services;
  const address = (name: string): string => s3Uri({ bucket: settings.bucketName, key: name });
  const [file, written] = await Promise.all([
    objects.find(address(key)),
    objects.find(address(dropOutput(key, "summary"))),
  ]);
  if (file === undefined) {
    throw new InputError("FILE_UNREADABLE", `There is no file ${quoted(key)} in the bucket; upload it first.`);
  }
  const isNewer = written === undefined || written.modifiedAt < file.modifiedAt;
  const summary = isNewer ? undefined : await readSummary(key, services);
  if (summary === undefined) {
    const MessageBody = JSON.stringify({ task: "read", key });
    await awsCall("sqs:SendMessage", sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody })));
  }
  return done(key, summary, services);
}

/** The key of a file below `uploads/` of the bucket. */
function fileIn(uri: string, bucket: string): string {
  const place = `s3://${bucket}/${PREFIXES.uploads}`;
  const { key } = uri.startsWith(place) && uri !== place ? parseS3Uri(uri) : { key: undefined };
  if (key !== undefined && !/\.(jsonl|json|csv)$/.test(key)) return key;
  throw new InputError(
    "INVALID_INPUT",
    `${quoted(uri)} is not a FASTA file below ${place}; copy it there: aws s3 cp FILE ${place} (the names of files that ` +
      `are read by themselves end in ${FASTA_SUFFIXES.join(", ")}).`,
  );
}

/** What is known about a file; undefined if it was not read yet with this version of the model. */
async function readSummary(key: string, { objects, settings }: JobServices): Promise<DropSummary | undefined> {
  const text = await objects.readText(s3Uri({ bucket: settings.bucketName, key: dropOutput(key, "summary") }));
  if (text === undefined) return undefined;
  const summary = JSON.parse(text) as DropSummary;
  return summary.model_version === settings.modelVersion ? summary : undefined;
}

const MESSAGES: Readonly<Record<SubmitFastaData["status"], string>> = {
  submitted: "The file was submitted; call submit_fasta again with the same file to see how far it is.",
  running: "The file was read and its jobs run; call submit_fasta again with the same file to see how far it is.",
  ended: "All jobs of the file have ended; see the manifest and the top variants.",
  refused: "The file was refused, and nothing was started; see error.",
};

function done(key: string, summary: DropSummary | undefined, { settings }: JobServices): Done<SubmitFastaData> {
  const address = (name: string): string => s3Uri({ bucket: settings.bucketName, key: name });
  const status = summary?.status ?? "submitted";
  return {
    message: MESSAGES[status],
    data: {
      file: address(key),
      status,
      records: summary?.records ?? null,
      counts: summary?.counts ?? null,
      error: summary?.error ?? null,
      manifest: address(dropOutput(key, "manifest")),
      summary: address(dropOutput(key, "summary")),
      top_variants: address(dropOutput(key, "topVariants")),
    },
  };
}
