import { THREE_LETTER } from "../../contract/aminoAcids.js";
import type { ProofProtein, ProofSource } from "./proofProteins.js";

/** A row that a source must give for a protein, as far as it is compared. */
export interface ExpectedRow {
  readonly start?: number;
  readonly variant?: string;
}

/** Id of the gene of a protein in Ensembl. */
export function geneId({ number }: ProofProtein): string {
  return `ENSG${String(number).padStart(11, "0")}`;
}

/**
 * The synthetic answer of a source about a protein that does not exist. A natural variant of UniProt does not fit the
 * sequence, and must be refused.
 */
export function uniprotAnswer({ accession, gene, sequence, ...protein }: ProofProtein): object {
  const at = (position: number): object => ({ value: position, modifier: "EXACT" });
  const wrong = sequence.charAt(4) === "W" ? "Y" : "W";
  return {
    entryType: "UniProtKB reviewed (Swiss-Prot)",
    primaryAccession: accession,
    uniProtkbId: `${gene}_HUMAN`,
    entryAudit: { entryVersion: 3, sequenceVersion: 1 },
    organism: { scientificName: "Homo sapiens", taxonId: 9606 },
    genes: [{ geneName: { value: gene } }],
    features: [
      { type: "Domain", location: { start: at(2), end: at(20) }, description: `Domain of ${accession}` },
      {
        type: "Natural variant",
        location: { start: at(3), end: at(3) },
        description: `synthetic, of ${accession}`,
        alternativeSequence: {
          originalSequence: sequence.charAt(2),
          alternativeSequences: [other(sequence.charAt(2))],
        },
      },
      {
        type: "Natural variant",
        location: { start: at(5), end: at(5) },
        description: "does not fit",
        alternativeSequence: { originalSequence: wrong, alternativeSequences: ["A"] },
      },
    ],
    uniProtKBCrossReferences: [{ database: "OpenTargets", id: geneId({ accession, gene, sequence, ...protein }) }],
    sequence: { value: sequence, length: sequence.length },
  };
}

export function variationAnswer({ accession, gene, sequence }: ProofProtein): object {
  return {
    accession,
    geneName: gene,
    sequence,
    sequenceVersion: 1,
    taxid: 9606,
    features: [
      {
        type: "VARIANT",
        alternativeSequence: other(sequence.charAt(6)),
        begin: "7",
        end: "7",
        xrefs: [],
        consequenceType: "missense",
        wildType: sequence.charAt(6),
        mutatedType: other(sequence.charAt(6)),
        clinicalSignificances: [{ type: "Benign", sources: ["ClinVar"] }],
        sourceType: "mixed",
      },
    ],
  };
}

export function alphafoldAnswer({ accession, sequence }: ProofProtein): object {
  return [
    {
      modelEntityId: `AF-${accession}-F1`,
      uniprotAccession: accession,
      latestVersion: 6,
      modelCreatedDate: "2025-08-01T00:00:00Z",
      globalMetricValue: 82,
      uniprotSequence: sequence,
      uniprotStart: 1,
      uniprotEnd: sequence.length,
    },
  ];
}

export function clinvarRecord({ gene, number, sequence }: ProofProtein): object {
  const none = { description: "", last_evaluated: "1/01/01 00:00", review_status: "", trait_set: [] };
  const three = (letter: string): string => THREE_LETTER[letter] ?? "Xaa";
  const change = `p.${three(sequence.charAt(8))}9${three(other(sequence.charAt(8)))}`;
  return {
    uid: String(number),
    obj_type: "single nucleotide variant",
    accession: `VCV${String(number).padStart(9, "0")}`,
    accession_version: `VCV${String(number).padStart(9, "0")}.1`,
    title: `NM_000000.1(${gene}):c.25A>G (${change})`,
    variation_set: [],
    germline_classification: {
      description: "Uncertain significance",
      last_evaluated: "2025/03/14 00:00",
      review_status: "criteria provided, single submitter",
      trait_set: [{ trait_xrefs: [], trait_name: "not provided" }],
    },
    clinical_impact_classification: none,
    oncogenicity_classification: none,
    genes: [{ symbol: gene }],
    molecular_consequence_list: ["missense variant"],
    protein_change: "",
  };
}

export function pubmedRecord({ gene, number }: ProofProtein): object {
  return {
    uid: String(number),
    pubdate: "2024 Mar 5",
    epubdate: "",
    source: "J Example",
    title: `A synthetic article about ${gene}.`,
    sortpubdate: "2024/03/05 00:00",
    fulljournalname: "Journal of examples",
    pubtype: ["Journal Article"],
    articleids: [{ idtype: "pubmed", value: String(number) }],
    authors: [{ name: "Doe J" }],
  };
}

export function targetAnswer(protein: ProofProtein): object {
  return {
    data: {
      meta: { dataVersion: { year: "26", month: "06" } },
      target: {
        id: geneId(protein),
        approvedSymbol: protein.gene,
        drugAndClinicalCandidates: {
          count: 1,
          rows: [
            {
              maxClinicalStage: "PHASE_2",
              drug: { id: `CHEMBL${protein.number}`, name: "EXAMPLICIB", drugType: "Small molecule" },
            },
          ],
        },
      },
    },
  };
}

export function trialsAnswer({ gene, number }: ProofProtein): object {
  return {
    totalCount: 1,
    studies: [
      {
        protocolSection: {
          identificationModule: {
            nctId: `NCT${String(number).padStart(8, "0")}`,
            briefTitle: `A synthetic study of ${gene}`,
          },
          statusModule: { overallStatus: "COMPLETED" },
        },
      },
    ],
  };
}

/** The rows that a source that answers must give. */
export function expectedRows(source: ProofSource, { sequence }: ProofProtein): ExpectedRow[] {
  const variant = (position: number): ExpectedRow => {
    const wildType = sequence.charAt(position - 1);
    return { start: position, variant: `${wildType}${position}${other(wildType)}` };
  };
  switch (source) {
    case "uniprot":
      return [{ start: 2 }, variant(3)];
    case "variation":
      // That it was seen, and what ClinVar says.
      return [variant(7), variant(7)];
    case "clinvar":
      return [variant(9)];
    case "alphafold":
      return [{ start: 1 }];
    case "rcsb":
      return [];
    case "pubmed":
    case "opentargets":
    case "trials":
      return [{}];
  }
}

function other(residue: string): string {
  return residue === "A" ? "G" : "A";
}
