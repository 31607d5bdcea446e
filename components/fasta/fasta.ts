import type { ServiceRole } from "../shared/serviceRole.js";
import { FastaDrop, type FastaDropArgs } from "./fastaDrop.js";
import { FastaQueue, type FastaQueueArgs } from "./fastaQueue.js";

/** Creates the queue of FASTA uploads, before the functions that send to it; undefined without `fastaDrop`. */
export function fastaQueueOf({
  fastaDrop,
  ...args
}: FastaQueueArgs & { readonly fastaDrop: boolean }): FastaQueue | undefined {
  return fastaDrop ? new FastaQueue(`${args.prefix}-fasta`, args) : undefined;
}

/** Creates the function that works on FASTA uploads, if there is their queue. */
export function fastaDropOf({
  fastaQueue,
  ...args
}: Omit<FastaDropArgs, "queue"> & { readonly fastaQueue: FastaQueue | undefined }): Pick<
  ServiceRole,
  "networkPolicies"
> {
  return fastaQueue === undefined
    ? { networkPolicies: [] }
    : new FastaDrop(`${args.prefix}-fasta`, { ...args, queue: fastaQueue });
}
