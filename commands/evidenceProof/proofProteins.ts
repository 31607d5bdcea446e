import { generator } from "../../client/random.js";
import { distinctProteins } from "../bench/random.js";

/** How a source answers for a protein. Only `answers` gives rows. */
export const BEHAVIOURS = ["answers", "429", "500", "cut off", "no JSON", "other form", "404"] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** The sources of the proof, in the order of their table. */
export const PROOF_SOURCES = [
  "uniprot",
  "variation",
  "clinvar",
  "alphafold",
  "rcsb",
  "pubmed",
  "opentargets",
  "trials",
] as const;
export type ProofSource = (typeof PROOF_SOURCES)[number];

/** A protein that does not exist, and how each source answers for it. */
export interface ProofProtein {
  readonly number: number;
  readonly accession: string;
  readonly gene: string;
  readonly sequence: string;
  readonly behaviours: Readonly<Record<ProofSource, Behaviour>>;
  /** Whether the model fails. */
  readonly modelFails: boolean;
  /** A homologue; undefined for most. */
  readonly homologue?: string;
}

/** Part of the answers of sources, and of the model, that fail. */
const FAILING_SOURCES = 0.3;
const FAILING_MODEL = 0.1;

/** Every so many proteins, one is aligned with a homologue. */
const ALIGNED_EVERY = 5;

/** Shortest and longest protein, in residues. */
const RESIDUES = [30, 60] as const;

/** Proteins whose sources fail at random: the same seed gives the same. */
export function proofProteins(count: number, seed: number): ProofProtein[] {
  const random = generator(seed);
  return distinctProteins(count, seed, RESIDUES).map((sequence, index) => {
    const number = index + 1;
    const behaviour = (): Behaviour => {
      const failing = 1 + Math.floor(random() * (BEHAVIOURS.length - 1));
      return random() < FAILING_SOURCES ? (BEHAVIOURS[failing] ?? "500") : "answers";
    };
    const behaviours = Object.fromEntries(PROOF_SOURCES.map((source) => [source, behaviour()]));
    return {
      number,
      accession: `P${String(number).padStart(5, "0")}`,
      gene: `PROOF${number}`,
      sequence,
      behaviours: behaviours as Record<ProofSource, Behaviour>,
      modelFails: random() < FAILING_MODEL,
      ...(index % ALIGNED_EVERY === 0 && { homologue: `${sequence.slice(1)}A` }),
    };
  });
}
