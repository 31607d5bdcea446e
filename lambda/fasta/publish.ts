import { dropOutput, type DropSummary } from "../../contract/fastaDrop.js";
import { s3Uri } from "../../contract/storage.js";
import type { Drop } from "./dropStore.js";
import type { DropServices } from "./services.js";

/** Whether the upload of a drop is still what the drop has read: outputs of a replaced file would be of another one. */
export async function isCurrent({ key, etag }: Pick<Drop, "key" | "etag">, { store }: DropServices): Promise<boolean> {
  const found = await store.etagOf(key);
  return found === undefined || found === etag;
}

/** Writes the summary beside an upload. */
export async function publishSummary(
  { key, started_at, model }: Pick<Drop, "key" | "started_at" | "model">,
  facts: Omit<DropSummary, "file" | "model_version" | "started_at">,
  { store, settings }: DropServices,
): Promise<void> {
  const { status, ...rest } = facts;
  const summary: DropSummary = {
    status,
    file: s3Uri({ bucket: settings.bucketName, key }),
    model_version: model?.digest ?? settings.modelVersion,
    ...rest,
    started_at,
  };
  await store.write(dropOutput(key, "summary"), `${JSON.stringify(summary, null, 2)}\n`, "application/json");
}
