import { createStoreClients } from "../shared/clients.js";
import { JobLedger } from "../shared/jobLedger.js";
import { ObjectStore } from "../shared/objectStore.js";
import { ServiceTimesStore } from "../shared/serviceTimes.js";
import { answersTasks, readSettings } from "../shared/settings.js";
import { Telemetry } from "../shared/telemetry.js";
import { createWaits } from "../shared/waits.js";
import { createRecorder } from "./recorder.js";

const settings = readSettings(process.env);
const telemetry = new Telemetry(process.env.AWS_LAMBDA_FUNCTION_NAME ?? "local", "recorder");
const { documents, s3 } = createStoreClients(settings.functionTimeoutSeconds, telemetry.instrument);

/** The recorder: SageMaker's notifications, from SNS through SQS, to the job ledger. */
export const handler = createRecorder({
  settings,
  ledger: new JobLedger(documents, settings.jobTableName),
  times: new ServiceTimesStore(documents, settings.jobTableName),
  objects: new ObjectStore(s3),
  ...(answersTasks(process.env) && { waits: createWaits(documents, settings.jobTableName, telemetry.instrument) }),
  telemetry,
  now: () => new Date(),
});
