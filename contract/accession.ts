/** @see https://www.uniprot.org/help/accession_numbers */
const ACCESSION = /^(?:[OPQ]\d[A-Z\d]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z\d]{2}\d){1,2})(?:-\d+)?$/;

/** Whether a text is a UniProt accession, such as P01308, or P01308-2 of an isoform. */
export function isAccession(text: string): boolean {
  return ACCESSION.test(text);
}
