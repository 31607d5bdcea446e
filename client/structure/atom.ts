/** An atom of a structure file: its residue, and how its line is written with another B-factor. */
export interface Atom {
  /** 0-based number of its line. */
  readonly line: number;
  readonly chain: string;
  /** Number of the residue in the file, with its insertion code. */
  readonly residue: string;
  /** Three-letter code. */
  readonly name: string;
  readonly withBFactor: (value: number) => string;
}
