import type { S3Client } from "@aws-sdk/client-s3";
import { InputError, quoted } from "../../../contract/errors.js";
import { httpSource, s3Source } from "../genome/byteSources.js";
import type { OpenSource } from "../genome/genome.js";

/**
 * Opens addresses below the given folders of HTTPS and S3, and no other: a function must not call any host that a caller names.
 *
 * @param folders addresses that end with `/`
 */
export function allowedSources(folders: readonly string[], s3: S3Client): OpenSource {
  return (url) => {
    const folder = folders.find((one) => url.startsWith(one));
    // What follows the folder may not lead out of it.
    if (
      folder === undefined ||
      !/^[\w.:+()@=~-][\w.:+()@=~/-]*$/.test(url.slice(folder.length)) ||
      url.includes("..")
    ) {
      throw new InputError(
        "GENOME_UNREADABLE",
        `${quoted(url)} is not in a folder that genomes may be read from: ${folders.join(", ")}. The stack's operator can add one to genomeSources.`,
      );
    }
    return url.startsWith("s3:") ? s3Source(url, s3) : httpSource(url);
  };
}
