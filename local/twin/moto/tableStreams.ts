import { ACCOUNT, clientOptions } from "../account.js";
import type { CallTableStreams } from "../functions/streams/tableStream.js";

/**
 * Calls the API of DynamoDB Streams of the moto server at an address. It has a client of its own in the AWS SDK, for which
 * three operations are too little reason.
 *
 * @returns a function that throws an Error if moto refuses the request
 */
export function tableStreamsAt(endpointUrl: string): CallTableStreams {
  const { accessKeyId } = clientOptions(endpointUrl).credentials;
  const scope = `${accessKeyId}/20260101/${ACCOUNT.region}/dynamodb/aws4_request`;
  return async (operation, input) => {
    const response = await fetch(endpointUrl, {
      method: "POST",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
        "content-type": "application/x-amz-json-1.0",
        host: `streams.dynamodb.${ACCOUNT.region}.amazonaws.com`,
        "x-amz-target": `DynamoDBStreams_20120810.${operation}`,
      },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${operation} of a table's stream was refused: ${text}`);
    return JSON.parse(text) as unknown;
  };
}
