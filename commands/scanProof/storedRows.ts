import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { RESULT_TABLE_NAMES } from "../../contract/resultStore.js";
import { LocalStore } from "../query/localStore.js";
import type { ScanTwin } from "./scanTwin.js";

/** What is in the result store. */
export interface StoredRows {
  /** Rows of variants, and different ones among them. */
  readonly variants: number;
  readonly distinctVariants: number;
  /** Rows of completed jobs, and different ones among them. */
  readonly jobs: number;
  readonly distinctJobs: number;
  /** Files of variants. */
  readonly files: number;
}

const SQL = `SELECT
  (SELECT count(*) FROM results) AS variants,
  (SELECT count(*) FROM (SELECT DISTINCT output_id, attempt, hgvs FROM results)) AS distinct_variants,
  (SELECT count(*) FROM jobs WHERE state = 'completed') AS jobs,
  (SELECT count(DISTINCT output_id) FROM jobs WHERE state = 'completed') AS distinct_jobs`;

/** Copies the result store of a twin, and counts its rows as a query does. */
export async function storedRows(twin: Pick<ScanTwin, "keys" | "read">): Promise<StoredRows> {
  const copy = mkdtempSync(join(tmpdir(), "scan-proof-"));
  try {
    let files = 0;
    for (const table of RESULT_TABLE_NAMES) {
      mkdirSync(join(copy, table), { recursive: true });
      for (const key of await twin.keys(`${table}/`)) {
        if (table === "results") files += 1;
        mkdirSync(dirname(join(copy, key)), { recursive: true });
        writeFileSync(join(copy, key), await twin.read(key));
      }
    }
    const store = await LocalStore.open(copy);
    const [[variants, distinctVariants, jobs, distinctJobs] = []] = (await store.query(SQL)).rows;
    store.close();
    return {
      variants: Number(variants),
      distinctVariants: Number(distinctVariants),
      jobs: Number(jobs),
      distinctJobs: Number(distinctJobs),
      files,
    };
  } finally {
    rmSync(copy, { recursive: true });
  }
}
