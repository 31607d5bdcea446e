import * as z from "zod";
import { SCORINGS } from "../../contract/jobs.js";
import { ENDED_STATES } from "../../contract/resultStore.js";
import { WAIT_STATES } from "../../contract/waits.js";

/** The attributes of an ended job in the ledger that the result store uses. Times are ISO 8601. */
export const endedJob = z.object({
  output_id: z.uuid(),
  state: z.enum(ENDED_STATES),
  attempt: z.int().positive(),
  submitted_at: z.iso.datetime(),
  completed_at: z.iso.datetime(),
  sequence_sha256: z.string(),
  sequence_length: z.int().positive(),
  model: z.string(),
  revision: z.string(),
  image_digest: z.string(),
  model_version: z.string().exactOptional(),
  scoring: z.enum(SCORINGS),
  output_location: z.string().exactOptional(),
  reason: z.string().exactOptional(),
  shard: z.string().exactOptional(),
});

export type EndedJob = Readonly<z.infer<typeof endedJob>>;

/** The attributes of an ended wait in the ledger that the result store uses: all jobs of a shard of a scan have ended. */
export const endedShard = z.object({
  state: z.literal(WAIT_STATES.ended),
  shard: z.string(),
  all_jobs: z.set(z.uuid()),
});

export type EndedShard = Readonly<z.infer<typeof endedShard>>;
