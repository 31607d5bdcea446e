import type { JobServices } from "../shared/services.js";
import type { DropStore } from "./dropStore.js";
import type { TaskQueue } from "./taskQueue.js";

/** The services of the function for FASTA files. */
export interface DropServices extends JobServices {
  readonly store: DropStore;
  readonly queue: TaskQueue;
}
