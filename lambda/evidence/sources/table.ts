import type { SourceName } from "../../../contract/evidence.js";
import { alphafold } from "./alphafold.js";
import { clinvar } from "./clinvar.js";
import { openTargets } from "./openTargets.js";
import { pubmed } from "./pubmed.js";
import { rcsb } from "./rcsb.js";
import type { Source } from "./source.js";
import { trials } from "./trials.js";
import { uniprot } from "./uniprot.js";
import { variation } from "./variation.js";

/** All sources, by name. */
export const SOURCE_TABLE: Readonly<Record<SourceName, Source>> = {
  uniprot,
  variation,
  clinvar,
  alphafold,
  rcsb,
  pubmed,
  opentargets: openTargets,
  trials,
};

/** The source of a name; undefined if there is none. */
export function sourceNamed(name: string): Source | undefined {
  return Object.hasOwn(SOURCE_TABLE, name) ? SOURCE_TABLE[name as SourceName] : undefined;
}
