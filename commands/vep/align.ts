import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Conservation, FailedSequence } from "../../contract/evidence.js";
import type { SequenceInfos } from "../../contract/genome.js";
import { ALIGNMENT_FILES, alignSequences, readSequences } from "../../lambda/evidence/alignment/alignedFiles.js";
import type { Aligner, Sequence } from "../../lambda/evidence/alignment/aligner.js";
import { fileSource, httpSource, s3Source } from "../../lambda/evidence/genome/byteSources.js";
import { Genomes, type OpenSource } from "../../lambda/evidence/genome/genome.js";
import { retrieveToFiles } from "../../lambda/evidence/retrieval/retrievedFiles.js";
import { UsageError } from "../command.js";

/** Longest time of the aligner, in milliseconds: an hour. */
const TIMEOUT_MS = 3_600_000;

/** Failures that are listed. */
const LISTED = 20;

export interface AlignOptions {
  /** File of regions. */
  readonly regions?: string;
  /** FASTA file of proteins. */
  readonly fasta?: string;
  readonly out: string;
  readonly aligner: Aligner;
  readonly reference?: string;
  readonly json?: boolean;
}

/** Sequences to align, with what is known about them. */
interface Given {
  readonly sequences: readonly Sequence[];
  readonly infos: SequenceInfos;
  readonly failed: readonly FailedSequence[];
}

/**
 * Makes the proteins of regions of genomes, or reads proteins, aligns them, and writes the files.
 *
 * @returns the exit code: 1 if nothing could be aligned
 */
export async function alignProteins(options: AlignOptions): Promise<number> {
  const { out, aligner, json = false } = options;
  await mkdir(out, { recursive: true });
  const write = (name: string, text: string): Promise<void> => writeFile(path.join(out, name), text);
  const { sequences, infos, failed } = await givenSequences(options, write);
  for (const { unique_entry_id: id, reason } of failed.slice(0, LISTED)) console.error(`${id}: ${reason}`);
  if (failed.length > LISTED) console.error(`and ${failed.length - LISTED} more`);
  const reference = options.reference ?? sequences[0]?.name;
  if (reference === undefined) {
    await write(ALIGNMENT_FILES.infos, JSON.stringify(infos));
    console.error("amplify-vep: there is no sequence to align.");
    return 1;
  }
  const aligned = await alignSequences(sequences, { aligner, reference, infos, timeoutMs: TIMEOUT_MS });
  await write(ALIGNMENT_FILES.alignment, aligned.text);
  await write(ALIGNMENT_FILES.infos, JSON.stringify(aligned.infos));
  await write(ALIGNMENT_FILES.conservation, JSON.stringify(aligned.conservation));
  console.log(json ? JSON.stringify(aligned.conservation) : summaryOf(aligned.conservation, sequences.length, out));
  return 0;
}

async function givenSequences(
  { regions, fasta }: AlignOptions,
  write: (name: string, text: string) => Promise<void>,
): Promise<Given> {
  if ((regions === undefined) === (fasta === undefined)) throw new UsageError("give either --regions or --fasta.");
  if (fasta !== undefined) return { ...readSequences(await readFile(fasta, "utf8")), infos: {} };
  const file = readJson(await readFile(regions ?? "", "utf8"), regions ?? "");
  const made = await retrieveToFiles(file, { genomes: new Genomes(await sources()) }, write);
  await write("variants.json", JSON.stringify(made.variants));
  return made;
}

function readJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError(`'${file}' is not JSON.`);
  }
}

/** Addresses that this command opens, whose user chooses them: files of this machine, S3, and web servers. */
async function sources(): Promise<OpenSource> {
  const { S3Client } = await import("@aws-sdk/client-s3");
  const s3 = new S3Client();
  const here = pathToFileURL(`${process.cwd()}/`);
  return (url) => {
    if (url.startsWith("s3:")) return s3Source(url, s3);
    if (/^https?:/.test(url)) return httpSource(url);
    // A path, or a file: address that may be relative.
    return fileSource(new URL(url, here).href);
  };
}

function summaryOf({ reference, aligner, n_eff, note, sequences }: Conservation, aligned: number, out: string): string {
  const homologues = sequences === aligned ? "" : `, ${aligned - sequences} of them with variants`;
  return [
    `${aligned} sequences aligned${homologues} (${aligner === "none" ? "one needs no aligner" : aligner}); reference ${reference}`,
    `effective number of sequences: ${n_eff.toFixed(1)}${note === undefined ? "" : ` - ${note}: their conservation says little`}`,
    `files: ${out}`,
  ].join("\n");
}
