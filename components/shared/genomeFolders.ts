import type { Place } from "./place.js";
import type { Grant } from "./policies.js";
import { folderReading, s3Folder } from "./s3Location.js";

/**
 * The permissions to read genomes in folders of other buckets.
 *
 * @param genomeSources folders of S3, and of HTTPS, which need no permission
 */
export function genomeReading(genomeSources: readonly string[], place: Place): Grant[] {
  return genomeSources
    .flatMap((url) => s3Folder(url) ?? [])
    .flatMap((folder, index) =>
      folderReading(folder, place).map(({ sid, ...grant }) => ({ ...grant, sid: `${sid}OfGenomes${index + 1}` })),
    );
}
