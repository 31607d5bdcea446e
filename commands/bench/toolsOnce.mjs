// One cold start of a Lambda function's bundle: loads it, sends it one event, and prints the milliseconds from the
// beginning of the import to the answer, and the answer. Arguments: the bundle's file, the event as JSON.
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";

const [, , file, event] = process.argv;
const load = createRequire(import.meta.url);
const started = performance.now();
const { handler } = load(file);
const answer = await handler(JSON.parse(event), {
  awsRequestId: "00000000-0000-0000-0000-000000000000",
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:bench",
});
const milliseconds = performance.now() - started;
process.stdout.write(`\n${JSON.stringify({ milliseconds, answer })}\n`, () => process.exit(0));
