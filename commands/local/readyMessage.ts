import { whyNotEmulated } from "../../local/twin/resources/table.js";
import type { Twin } from "../../local/twin/start.js";

/** What AWS does and the twin does not, for every program. */
const LIMITS = [
  "alarms are stored and never evaluated, metrics are stored as they are put, and SageMaker publishes none",
  "nothing expires: no object of a bucket, no item of a table",
  "everything is in memory and is lost when the twin stops",
];

/** The event of the example: a protein of the documentation. */
const EXAMPLE_EVENT =
  '{"tool_name":"invoke_endpoint","sequence":"MKTVRQERLKSIVRILERSKEPVSGAQLAEELSVSRQVIVQDIAYLRSLGYNIV"}';

/** The line of JSON for scripts. */
export function readyLine({ endpointUrl, env, outputs }: Twin): string {
  return JSON.stringify({ endpoint_url: endpointUrl, env, outputs });
}

/** How to use the twin from another terminal, and what it does not emulate. */
export function describeTwin(twin: Twin): string {
  const { endpointUrl, env, outputs, model, emulated, notEmulated } = twin;
  const functionName = String(outputs["lambdaFunctionName"]);
  const sections = [
    `The program is deployed at ${endpointUrl} (Ctrl-C stops it). Model: ${model.model_id}, weights: ${model.weights}.`,
    `In another terminal:\n\n${lines(Object.entries(env).map(([key, value]) => `export ${key}=${value}`))}`,
    `Then, for example:\n\n${lines([
      `aws lambda invoke --function-name ${functionName} \\`,
      "  --cli-binary-format raw-in-base64-out \\",
      `  --payload '${EXAMPLE_EVENT}' /dev/stdout`,
    ])}`,
    `Emulated: ${emulated.join(", ")}.`,
    `Not emulated:\n\n${lines([...notEmulated.map((type) => `${type}: ${whyNotEmulated(type)}`), ...LIMITS])}`,
    `Outputs:\n\n${lines(Object.entries(outputs).map(([key, value]) => `${key}: ${asText(value)}`))}`,
  ];
  return sections.join("\n\n");
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `  ${text}`).join("\n");
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
