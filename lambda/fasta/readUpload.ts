import { InputError } from "../../contract/errors.js";
import { uuidOf } from "../../contract/jobs.js";
import { MAX_NAME_LENGTH } from "../../contract/limits.js";
import { fastaRecords, type FastaRecord } from "../shared/fastaRecords.js";
import { hashOf, tooLarge } from "../shared/openObject.js";
import { firstCharacters } from "../shared/submissionInput.js";
import { forActive, pinnedVersion } from "../shared/versionServices.js";
import { jsonLines, type Drop } from "./dropStore.js";
import type { Task } from "./messages.js";
import { publishSummary } from "./publish.js";
import type { DropServices } from "./services.js";

/** Records of one part: their submission takes some seconds. */
export const RECORDS_PER_PART = 100;

/** Delay of the first look at whether all jobs have ended, in seconds. */
const FIRST_LOOK_SECONDS = 2;

/**
 * Reads an upload twice, as a stream: once for its hash, from which its id comes, and once to split it into parts. Parts
 * are submitted when the whole file was read, so that a file with a fault starts nothing. A file that was read before is
 * not split again; parts that were not submitted yet are.
 */
export async function readUpload(key: string, all: DropServices): Promise<void> {
  // The version that is active now scores the whole file, however long that takes.
  const services = await forActive(all);
  const { store, settings, telemetry } = services;
  const upload = await store.open(key);
  if (upload === undefined) {
    telemetry.info("An upload was deleted before it was read");
    return;
  }
  const fault = tooLarge(upload);
  if (fault) {
    await refuse(key, fault, services);
    return;
  }
  const { etag } = upload;
  const id = uuidOf(JSON.stringify([key, await hashOf(upload), settings.modelVersion]));
  const known = await store.readDrop(id);
  if (known !== undefined && known.etag !== etag) await store.writeDrop({ ...known, etag });
  const drop = known ?? (await split(id, key, etag, services));
  if (drop === undefined) return;
  await continueDrop(drop, services);
}

/** Splits a file into parts. Returns undefined if it was refused, or replaced meanwhile: then its own message comes. */
async function split(drop: string, key: string, etag: string, services: DropServices): Promise<Drop | undefined> {
  const { store, telemetry, now } = services;
  const upload = await store.open(key, etag);
  if (upload === undefined) return undefined;
  let [records, parts] = [0, 0];
  let part: FastaRecord[] = [];
  const write = async (): Promise<void> => {
    parts += 1;
    await store.writePart(drop, "records", parts, jsonLines(part));
    part = [];
  };
  try {
    for await (const record of fastaRecords(upload.bytes)) {
      records += 1;
      part.push(named(record));
      if (part.length === RECORDS_PER_PART) await write();
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    await refuse(key, error, services);
    return undefined;
  }
  if (part.length > 0) await write();
  const found = {
    drop,
    key,
    etag,
    records,
    parts,
    started_at: now().toISOString(),
    model: pinnedVersion(services),
  };
  await publishSummary(found, { status: "running", records }, services);
  await store.writeDrop(found);
  telemetry.info("A FASTA file was read", { drop, records, parts, bytes: upload.size });
  return found;
}

/** A record as it is stored: with a name as `invoke_endpoint` takes it from a header. */
function named(record: FastaRecord): FastaRecord {
  return record.name === undefined ? record : { ...record, name: firstCharacters(record.name, MAX_NAME_LENGTH) };
}

/** Sends the parts that were not submitted yet, and the look at the end. */
async function continueDrop({ drop, parts }: Drop, { store, queue }: DropServices): Promise<void> {
  const submitted = await store.partsOf(drop, "manifest");
  const open = Array.from({ length: parts }, (_, index) => index + 1).filter((part) => !submitted.has(part));
  await queue.send(open.map((part): Task => ({ task: "submit", drop, part })));
  await queue.send([{ task: "finish", drop, listed: false }], FIRST_LOOK_SECONDS);
}

async function refuse(key: string, { code, message }: InputError, services: DropServices): Promise<void> {
  const started_at = services.now().toISOString();
  services.telemetry.warn("A FASTA file was refused", { error_code: code });
  await publishSummary({ key, started_at }, { status: "refused", error: { code, message } }, services);
}
