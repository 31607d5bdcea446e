import { InputError } from "../../../../contract/errors.js";
import type { ByteRange, ByteSource } from "../../../../lambda/evidence/genome/byteFile.js";
import type { OpenSource } from "../../../../lambda/evidence/genome/genome.js";
import type { GenomeFile } from "./genomeFile.js";

/** Files in memory, with the ranges that were read of each. */
export class MemoryFiles {
  readonly reads: { readonly url: string; readonly range: ByteRange | undefined; readonly bytes: number }[] = [];
  private readonly files = new Map<string, Buffer>();

  /** Adds a genome: the file, and its indexes beside it. */
  genome(url: string, { fasta, fai, gzi }: GenomeFile): this {
    return this.file(url, fasta).file(`${url}.fai`, fai).file(`${url}.gzi`, gzi);
  }

  file(url: string, content: Buffer | string): this {
    this.files.set(url, Buffer.from(content));
    return this;
  }

  readonly open: OpenSource = (url): ByteSource => ({
    url,
    fetch: (range) => {
      const content = this.files.get(url);
      if (content === undefined) return Promise.reject(new InputError("GENOME_UNREADABLE", `${url} does not exist.`));
      const bytes = range === undefined ? content : content.subarray(range.from, range.to);
      this.reads.push({ url, range, bytes: bytes.length });
      return Promise.resolve(new Uint8Array(bytes));
    },
  });

  /** Bytes that were read since the last call. */
  takeBytes(): number {
    return this.reads.splice(0).reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

/** All items of a generator. */
export async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
