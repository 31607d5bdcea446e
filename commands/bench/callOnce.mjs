// One cold start of a Lambda function's bundle: loads it, sends it one event and prints its answer.
// Arguments: path of the bundle, the event as JSON.
import { createRequire } from "node:module";

const [, , file, event] = process.argv;
const { handler } = createRequire(import.meta.url)(file);
const answer = await handler(JSON.parse(event), {
  awsRequestId: "00000000-0000-0000-0000-000000000000",
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:bench",
});
process.stdout.write(`\n${JSON.stringify(answer)}\n`, () => process.exit(0));
