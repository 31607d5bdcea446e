import { createHash, randomUUID } from "node:crypto";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { InputError, quoted } from "../../contract/errors.js";
import { dropOutput, FASTA_SUFFIXES, SUBMITTED_PREFIX, type DropSummary } from "../../contract/fastaDrop.js";
import { parseS3Uri, PREFIXES, s3Uri } from "../../contract/storage.js";
import { submitFastaInput, type SubmitFastaData, type SubmitFastaInput } from "../../contract/tools.js";
import { FaultList, isAbsent, readArguments } from "../../contract/arguments.js";
import { awsCall } from "../shared/awsCall.js";
import { fastaRecords } from "../shared/fastaRecords.js";
import type { JobServices } from "../shared/services.js";
import type { Done } from "../shared/answers.js";
import { forActive } from "../shared/versionServices.js";

/** The queue of FASTA files. */
export interface FileQueue {
  readonly sqs: SQSClient;
  readonly url: string;
}

/**
 * `submit_fasta`: submits a whole FASTA file, by the way of an upload, or answers how far it is, or how to upload it.
 *
 * @param queue undefined without `fastaDrop`
 * @throws InputError for invalid input, with nothing stored or started; ToolError if an AWS call fails
 */
export async function submitFasta(
  input: Readonly<Record<string, unknown>>,
  all: JobServices,
  queue: FileQueue | undefined,
): Promise<Done<SubmitFastaData>> {
  const { upload, fasta, s3_uri: uri } = readFile(input);
  if (queue === undefined) {
    throw new InputError(
      "FASTA_OFF",
      "The stack takes no FASTA files; its operator can set fastaDrop to true. invoke_endpoint takes one protein.",
    );
  }
  if (upload) return formFor(`${SUBMITTED_PREFIX}${randomUUID()}.fasta`, all);
  // A file that another version has scored is scored again by the active one.
  const services = await forActive(all);
  return fasta === undefined
    ? askForFile(fileIn(uri ?? "", services.settings.bucketName), services, queue)
    : uploadFile(fasta, services);
}

/** The only one of the arguments that the call has. */
function readFile(input: Readonly<Record<string, unknown>>): SubmitFastaInput {
  const faults = new FaultList();
  const read = readArguments(submitFastaInput, input, faults);
  const given = Object.keys(submitFastaInput.shape).filter((name) => !isAbsent(input[name]));
  if (given.length === 0) faults.add("fasta", new InputError("INVALID_INPUT", `Send one of ${ARGUMENTS}.`));
  if (given.length > 1) faults.add("fasta", new InputError("INVALID_INPUT", `Send only one of ${ARGUMENTS}.`));
  if (read.upload === false) faults.add("upload", new InputError("INVALID_INPUT", "upload can only be true."));
  faults.throwIfAny();
  return read;
}

const ARGUMENTS = Object.keys(submitFastaInput.shape).join(", ");

/** A form for a new name: S3 starts the work when the file is there. */
async function formFor(key: string, { objects, settings }: JobServices): Promise<Done<SubmitFastaData>> {
  const upload = await objects.uploadForm(settings.bucketName, key);
  const { message, data } = done(key, undefined, settings.bucketName, "awaited");
  return { message, data: { ...data, upload } };
}

/** Uploads a text under the name of its hash: the notification of S3 does the rest. */
async function uploadFile(fasta: string, services: JobServices): Promise<Done<SubmitFastaData>> {
  const { objects, settings } = services;
  await checkFile(Buffer.from(fasta));
  const key = `${SUBMITTED_PREFIX}${createHash("sha256").update(fasta).digest("hex").slice(0, 32)}.fasta`;
  const summary = await readSummary(key, services);
  if (summary === undefined) await objects.writeText(settings.bucketName, key, fasta);
  return done(key, summary, settings.bucketName);
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
  // A file that was uploaded with a form is read by itself, and read again only for another version of the model.
  const isOnItsWay = written === undefined && key.startsWith(SUBMITTED_PREFIX);
  if (summary === undefined && !isOnItsWay) {
    const MessageBody = JSON.stringify({ task: "read", key });
    await awsCall("sqs:SendMessage", sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody })));
  }
  return done(key, summary, settings.bucketName);
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
  awaited: "Send the file with the form in upload; then call submit_fasta with s3_uri to see how far it is.",
  submitted: "The file was submitted; call submit_fasta again with the same file to see how far it is.",
  running: "The file was read and its jobs run; call submit_fasta again with the same file to see how far it is.",
  ended: "All jobs of the file have ended; see the manifest and the top variants.",
  refused: "The file was refused, and nothing was started; see error.",
};

function done(
  key: string,
  summary: DropSummary | undefined,
  bucket: string,
  status: SubmitFastaData["status"] = summary?.status ?? "submitted",
): Done<SubmitFastaData> {
  const address = (name: string): string => s3Uri({ bucket, key: name });
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
