import { BgzipIndexedFasta, IndexedFasta } from "@gmod/indexedfasta";
import { InputError, listed, quoted } from "../../../contract/errors.js";
import { MAX_REGION_BYTES } from "../../../contract/genome.js";
import type { Span } from "../sequence/spliced.js";
import { ByteBudget, RangeFile, type ByteSource, type RangeOptions } from "./byteFile.js";

/** Opens the file at an address. @throws InputError `GENOME_UNREADABLE` if the address may not be read */
export type OpenSource = (url: string) => ByteSource;

/** The first bytes of a file, which say what it is: those of a block of BGZF. */
const MAGIC_BYTES = 18;

/** Most genomes that are kept open. */
const MAX_OPEN = 8;

/** Reads bases of genomes. Indexes, and parts that were read, are kept for the next reads. */
export class Genomes {
  readonly #open = new Map<string, Promise<Genome>>();

  constructor(
    private readonly openSource: OpenSource,
    private readonly options: RangeOptions = {},
  ) {}

  /**
   * The genome in a FASTA file, compressed with bgzip or not, with its index beside it (`.fai`, and `.gzi` if compressed).
   *
   * @throws InputError `GENOME_UNREADABLE` if it is not there, not indexed, or no FASTA file
   */
  async at(url: string): Promise<Genome> {
    const known = this.#open.get(url) ?? Genome.open(url, this.openSource, this.options);
    // The genome that was used last is at the end.
    this.#open.delete(url);
    this.#open.set(url, known);
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MAX_OPEN) break;
      this.#open.delete(oldest);
    }
    try {
      return await known;
    } catch (error) {
      this.#open.delete(url);
      throw error;
    }
  }
}

/** An indexed FASTA file. */
export class Genome {
  private constructor(
    private readonly url: string,
    private readonly file: RangeFile,
    private readonly fasta: IndexedFasta,
    private readonly sizes: Readonly<Record<string, number>>,
  ) {}

  static async open(url: string, openSource: OpenSource, options: RangeOptions): Promise<Genome> {
    const file = new RangeFile(openSource(url), options);
    const compressed = await isCompressed(url, file);
    const beside = (end: string): RangeFile => new RangeFile(openSource(`${url}${end}`), options);
    const [fai, gzi] = [beside(".fai"), beside(".gzi")];
    const fasta = compressed
      ? new BgzipIndexedFasta({ fasta: file, fai, gzi })
      : new IndexedFasta({ fasta: file, fai });
    return new Genome(url, file, fasta, await sizesOf(url, fasta));
  }

  /**
   * The bases of regions of a chromosome, on its forward strand.
   *
   * @param budget counts the bytes that are read. Default: a new one with the maximum of an entry
   * @throws InputError `GENOME_UNREADABLE` or `INVALID_REGION` if the genome has no such place
   */
  async read(seqId: string, regions: readonly Span[], budget = regionBudget()): Promise<string[]> {
    const size = Object.hasOwn(this.sizes, seqId) ? this.sizes[seqId] : undefined;
    if (size === undefined) {
      throw new InputError(
        "INVALID_REGION",
        `${this.url} has no sequence ${quoted(seqId)}; it has ${listed(Object.keys(this.sizes).map(quoted), ", ")}.`,
      );
    }
    const beyond = regions.find(({ end }) => end > size);
    if (beyond) {
      throw new InputError(
        "INVALID_REGION",
        `${beyond.start}..${beyond.end} is beyond the end of ${quoted(seqId)} at ${size}.`,
      );
    }
    const read: string[] = [];
    for (const region of regions) read.push(await this.#bases(seqId, region, budget));
    return read;
  }

  async #bases(seqId: string, { start, end }: Span, budget: ByteBudget): Promise<string> {
    this.file.budget = budget;
    let bases: string;
    try {
      bases = (await this.fasta.getSequence(seqId, start - 1, end)) ?? "";
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError("GENOME_UNREADABLE", `${this.url} does not fit its index; index it again.`, {
        cause: error,
      });
    }
    if (bases.length === end - start + 1 && /^[A-Za-z]*$/.test(bases)) return bases;
    throw new InputError("GENOME_UNREADABLE", `${this.url} does not fit its index; index it again.`);
  }
}

/** The most that may be read for one entry. */
export function regionBudget(): ByteBudget {
  return new ByteBudget(MAX_REGION_BYTES);
}

async function isCompressed(url: string, file: RangeFile): Promise<boolean> {
  const magic = await file.read(MAGIC_BYTES, 0);
  if (magic[0] === 0x3e) return false;
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) throw notFasta(url, "it does not begin with >");
  // A block of BGZF has an extra field with the letters BC.
  if (magic[12] === 0x42 && magic[13] === 0x43) return true;
  throw notFasta(url, "it is compressed with gzip, of which no part can be read; compress it with bgzip");
}

function notFasta(url: string, reason: string): InputError {
  return new InputError("GENOME_UNREADABLE", `${url} is not a FASTA file that can be read by range: ${reason}.`);
}

async function sizesOf(url: string, fasta: IndexedFasta): Promise<Readonly<Record<string, number>>> {
  let sizes: Readonly<Record<string, number>>;
  try {
    sizes = await fasta.getSequenceSizes();
  } catch (error) {
    if (error instanceof InputError) {
      throw new InputError(
        "GENOME_UNREADABLE",
        `${error.message} A FASTA file is read with its index beside it, which \`samtools faidx\` writes.`,
        { cause: error },
      );
    }
    throw notIndex(url, error);
  }
  const values = Object.values(sizes);
  if (values.length === 0 || values.some((size) => !Number.isSafeInteger(size) || size < 0)) throw notIndex(url);
  return sizes;
}

function notIndex(url: string, cause?: unknown): InputError {
  return new InputError("GENOME_UNREADABLE", `${url}.fai is not the index of a FASTA file.`, { cause });
}
