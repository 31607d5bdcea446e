import { createStoreClients } from "../../shared/clients.js";
import { JobLedger } from "../../shared/jobLedger.js";
import type { AppendShardServices } from "./appendShard.js";

/** Time in which a read is given up, in seconds: each takes milliseconds. */
const TIMEOUT_SECONDS = 30;

/** Creates what reads jobs from the ledger. */
export function jobReader(tableName: string): AppendShardServices["readJob"] {
  const ledger = new JobLedger(createStoreClients(TIMEOUT_SECONDS).documents, tableName);
  return (outputId) => ledger.read(outputId);
}
