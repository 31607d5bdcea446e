import type { ResolvedProtein } from "../../../contract/evidence.js";
import type { SourceClient } from "./sourceClient.js";
import { ENSEMBL_GENE } from "./forms.js";
import { isDisplayed, readEntry, readIsoform } from "./uniprotEntry.js";

/** Raise it when the kept facts change. */
export const RESOLVE_SCHEMA_VERSION = 2;

/**
 * Resolves a UniProt accession, or one of an isoform: its sequence, gene and organism.
 *
 * @throws SourceError if UniProt does not answer, or the entry was merged, split or deleted
 */
export async function resolveProtein(accession: string, client: SourceClient): Promise<ResolvedProtein> {
  const { entry, version } = await readEntry(accession, client);
  // The isoform that the entry shows is the entry itself: sources know it by the accession of the entry.
  const isEntry = !accession.includes("-") || isDisplayed(entry, accession);
  const sequence = isEntry ? entry.sequence.value : await readIsoform(accession, client);
  const gene = entry.genes?.find(({ geneName }) => geneName)?.geneName?.value;
  const target = entry.uniProtKBCrossReferences?.find(
    ({ database, id }) => database === "OpenTargets" && ENSEMBL_GENE.test(id),
  )?.id;
  return {
    accession: isEntry ? entry.primaryAccession : accession,
    ...(gene !== undefined && { gene }),
    ...(entry.organism && { taxon: String(entry.organism.taxonId) }),
    ...(target !== undefined && { ensembl_gene: target }),
    sequence,
    version: `${version}, sequence version ${entry.entryAudit.sequenceVersion}`,
  };
}
