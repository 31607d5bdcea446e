import * as z from "zod";

/** A text that says something. */
export const words = z.string().regex(/\S/, { error: "an empty text" });

/** Ensembl's id of a human gene. */
export const ENSEMBL_GENE = /^ENSG\d{11}$/;

/** An identifier, which can be a part of an address. */
export const identifier = z.string().regex(/^[\w.:-]{1,64}$/, { error: "not an identifier" });
