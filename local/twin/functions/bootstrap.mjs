// The Node.js runtime of a Lambda function. It uses Lambda's Runtime API: it loads the handler, then handles one event
// after another. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { Buffer } from "node:buffer";
import { existsSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";

const API = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const EXTENSIONS = [".js", ".mjs", ".cjs"];

/** Calls the Runtime API; resolves with the headers and text of the answer. */
function call(method, target, body) {
  return new Promise((resolve, reject) => {
    const sent = request(`${API}/${target}`, { method, agent: false }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ headers: response.headers, text: Buffer.concat(chunks).toString("utf8") }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function describe(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n") };
}

async function loadHandler() {
  const [file, name] = process.env._HANDLER.split(/\.(?=[^.]*$)/);
  const base = path.join(process.env.LAMBDA_TASK_ROOT, file);
  const extension = EXTENSIONS.find((candidate) => existsSync(base + candidate));
  if (extension === undefined) throw new Error(`Cannot find module '${file}'`);
  const loaded = await import(pathToFileURL(base + extension).href);
  const handler = loaded[name] ?? loaded.default?.[name];
  if (typeof handler !== "function") throw new Error(`${process.env._HANDLER} is undefined or not exported`);
  return handler;
}

function contextOf(headers) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  const clientContext = headers["lambda-runtime-client-context"];
  return {
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: clientContext === undefined ? undefined : JSON.parse(clientContext),
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

const machineDate = Date;
const machineNow = machineDate.now;
let aheadMs = 0;

/** Lets the function live in the time of the twin, which can be ahead of the machine's. */
function setClock(ms) {
  if (ms === aheadMs) return;
  aheadMs = ms;
  const now = () => machineNow() + aheadMs;
  globalThis.Date = new Proxy(machineDate, {
    construct: (target, given, created) => Reflect.construct(target, given.length === 0 ? [now()] : given, created),
    get: (target, property) => (property === "now" ? now : Reflect.get(target, property)),
  });
}

async function handleNext(handler) {
  const { headers, text } = await call("GET", "invocation/next");
  setClock(Number(headers["twin-clock-ahead-ms"] ?? 0));
  const id = headers["lambda-runtime-aws-request-id"];
  process.env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"];
  try {
    const result = await handler(JSON.parse(text), contextOf(headers));
    await call("POST", `invocation/${id}/response`, JSON.stringify(result ?? null));
  } catch (error) {
    await call("POST", `invocation/${id}/error`, JSON.stringify(describe(error)));
  }
}

let handler;
try {
  handler = await loadHandler();
} catch (error) {
  await call("POST", "init/error", JSON.stringify(describe(error)));
  process.exit(1);
}
for (;;) await handleNext(handler);
