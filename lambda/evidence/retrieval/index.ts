import { S3Client } from "@aws-sdk/client-s3";
import { EVIDENCE_ENVIRONMENT } from "../../../contract/environment.js";
import { PREFIXES, s3Uri } from "../../../contract/storage.js";
import { ObjectStore } from "../../shared/objectStore.js";
import { EnvironmentError } from "../../shared/settings.js";
import { Telemetry } from "../../shared/telemetry.js";
import { Genomes } from "../genome/genome.js";
import { allowedSources } from "./genomeAddresses.js";
import { createRetrievalHandler } from "./handler.js";

const { bucketName, genomeSources } = EVIDENCE_ENVIRONMENT;
const bucket = process.env[bucketName];
if (!bucket) throw new EnvironmentError(`${bucketName} is not set: deploy the stack again, which sets every variable.`);

const telemetry = new Telemetry(process.env.AWS_LAMBDA_FUNCTION_NAME ?? "local", "retrieval");
const s3 = telemetry.instrument(new S3Client());
const folders = [s3Uri({ bucket, key: PREFIXES.genomes }), ...(process.env[genomeSources] ?? "").split(",")];

/** The function of retrieval: makes transcripts and protein sequences of genome coordinates. */
export const handler = createRetrievalHandler({
  genomes: new Genomes(
    allowedSources(
      folders.filter((folder) => folder !== ""),
      s3,
    ),
  ),
  objects: new ObjectStore(s3),
  telemetry,
});
