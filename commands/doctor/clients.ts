import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { clientsOf, type Clients, type ClientSettings } from "../preflight/clients.js";

/** A client for every service that a check of a deployed stack calls. */
export interface DoctorClients extends Clients {
  readonly documents: DynamoDBDocumentClient;
  readonly scaling: ApplicationAutoScalingClient;
  readonly sqs: SQSClient;
}

/** Makes the clients. */
export function doctorClients(where: ClientSettings): DoctorClients {
  const settings = { ...where, maxAttempts: 4 };
  return {
    ...clientsOf(where),
    documents: DynamoDBDocumentClient.from(new DynamoDBClient(settings)),
    scaling: new ApplicationAutoScalingClient(settings),
    sqs: new SQSClient(settings),
  };
}
