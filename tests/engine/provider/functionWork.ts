import { PREFIXES } from "../../../contract/storage.js";

/** What each function reads, finds and starts, by the end of its name. Others are the tools' function. */
export const FUNCTIONS = {
  "-recorder": { reads: [PREFIXES.failure], finds: [PREFIXES.failure], stores: false, starts: false },
  "-sweeper": {
    reads: [PREFIXES.failure],
    finds: [PREFIXES.input, PREFIXES.output, PREFIXES.failure],
    stores: false,
    starts: true,
  },
  "-stream": {
    reads: [PREFIXES.failure],
    finds: [PREFIXES.input, PREFIXES.output, PREFIXES.failure],
    stores: true,
    starts: true,
  },
  "-fasta": {
    reads: [PREFIXES.uploads, PREFIXES.drops, PREFIXES.output, PREFIXES.failure],
    finds: [PREFIXES.uploads, PREFIXES.drops, PREFIXES.input, PREFIXES.output, PREFIXES.failure],
    stores: true,
    starts: true,
  },
  "-scan": {
    reads: [PREFIXES.uploads, PREFIXES.scans, PREFIXES.failure],
    finds: [PREFIXES.uploads, PREFIXES.scans, PREFIXES.input, PREFIXES.output, PREFIXES.failure],
    stores: true,
    starts: true,
  },
  "-steps": {
    reads: [PREFIXES.evidence, PREFIXES.output, PREFIXES.failure],
    finds: [PREFIXES.evidence, PREFIXES.input, PREFIXES.output, PREFIXES.failure, PREFIXES.audit],
    stores: true,
    starts: true,
  },
} as const;

/** The same of the tools' function. */
export const TOOLS = {
  reads: [PREFIXES.input, PREFIXES.output, PREFIXES.failure],
  finds: [PREFIXES.input, PREFIXES.output, PREFIXES.failure],
  stores: true,
  starts: true,
} as const;
