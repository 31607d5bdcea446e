import { deflateRawSync, gzipSync } from "node:zlib";

/** Bases of a chromosome at a place, 1-based, on the forward strand; the rest is made up. */
export interface Piece {
  readonly seqId: string;
  readonly start: number;
  readonly bases: string;
}

/** A FASTA file compressed as bgzip does it, with its two indexes. */
export interface GenomeFile {
  readonly fasta: Buffer;
  readonly fai: Buffer;
  readonly gzi: Buffer;
}

const LINE = 80;
/** Bases in a block: whole lines. */
const BLOCK = 800 * LINE;

/**
 * Makes a genome with given pieces, whose other bases are pseudo-random.
 *
 * @see https://samtools.github.io/hts-specs/SAMv1.pdf (4.1, the BGZF format)
 */
export function genomeFile(sizes: Readonly<Record<string, number>>, pieces: readonly Piece[]): GenomeFile {
  const blocks: Buffer[] = [];
  const index: [number, number][] = [];
  const fai: string[] = [];
  let [compressed, plain] = [0, 0];
  const add = (text: string, block = bgzfBlock(Buffer.from(text))): void => {
    if (plain > 0) index.push([compressed, plain]);
    blocks.push(block);
    compressed += block.length;
    plain += text.length;
  };
  const filler = lines(fillerBases(BLOCK));
  const fillerBlock = bgzfBlock(Buffer.from(filler));
  for (const [seqId, size] of Object.entries(sizes)) {
    add(`>${seqId}\n`);
    fai.push([seqId, size, plain, LINE, LINE + 1].join("\t"));
    const here = pieces.filter((piece) => piece.seqId === seqId);
    for (let from = 1; from <= size; from += BLOCK) {
      const bases = blockBases(from, Math.min(BLOCK, size - from + 1), here);
      if (bases === undefined) add(filler, fillerBlock);
      else add(lines(bases));
    }
  }
  blocks.push(bgzfBlock(Buffer.alloc(0)));
  const gzi = Buffer.alloc(8 + 16 * index.length);
  gzi.writeBigUInt64LE(BigInt(index.length), 0);
  for (const [at, [from, to]] of index.entries()) {
    gzi.writeBigUInt64LE(BigInt(from), 8 + 16 * at);
    gzi.writeBigUInt64LE(BigInt(to), 16 + 16 * at);
  }
  return { fasta: Buffer.concat(blocks), fai: Buffer.from(`${fai.join("\n")}\n`), gzi };
}

/** The bases of a block; undefined if all of it is made up. */
function blockBases(from: number, length: number, pieces: readonly Piece[]): string | undefined {
  const within = pieces.filter(({ start, bases }) => start < from + length && start + bases.length > from);
  if (within.length === 0 && length === BLOCK) return undefined;
  const bases = Array.from(fillerBases(length));
  for (const piece of within) {
    for (let at = 0; at < piece.bases.length; at++) {
      const place = piece.start + at - from;
      if (place >= 0 && place < length) bases[place] = piece.bases.charAt(at);
    }
  }
  return bases.join("");
}

/** Pseudo-random bases, always the same. */
export function fillerBases(length: number): string {
  let state = 1;
  const bases: string[] = [];
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    bases.push("ACGT".charAt((state >> 16) & 3));
  }
  return bases.join("");
}

function lines(bases: string): string {
  return bases.replace(new RegExp(`.{1,${LINE}}`, "g"), "$&\n");
}

/** A member of a gzip file with its own size in an extra field. */
export function bgzfBlock(content: Buffer): Buffer {
  const deflated = deflateRawSync(content);
  // The end of a gzip member: the checksum and the size of its content.
  const end = gzipSync(content).subarray(-8);
  const header = Buffer.from([31, 139, 8, 4, 0, 0, 0, 0, 0, 255, 6, 0, 66, 67, 2, 0, 0, 0]);
  header.writeUInt16LE(header.length + deflated.length + end.length - 1, 16);
  return Buffer.concat([header, deflated, end]);
}
