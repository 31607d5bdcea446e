/** What `vep export` writes. */
export const FORMATS = ["csv", "mave-hgvs", "json", "svg", "png", "parquet", "pdb"] as const;
