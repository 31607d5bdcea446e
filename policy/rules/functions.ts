import { resourceRule, stackRule, ofType, unless } from "../rule.js";
import { known, refersTo } from "../references.js";

/** Names of environment variables that probably hold a secret. */
const SECRET_NAME =
  /(?:^|_)(?:SECRET|PASSWORD|PASSWD|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?|ACCESS_?KEY(?:_ID)?)(?:_|$)/i;

/** Patterns of secrets: access keys of AWS, tokens of GitHub and Hugging Face, private keys, and URLs with a password. */
const SECRET_VALUE =
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{36}|\bhf_[A-Za-z]{30}|-----BEGIN [A-Z ]*PRIVATE KEY-----|:\/\/[^/\s:@]+:[^/\s@]+@/;

/** Every function is traced. */
export const functionsAreTraced = resourceRule(
  {
    name: "functions-are-traced",
    description: "Every function is traced by X-Ray",
    severity: "low",
    fix: "Set tracingConfig.mode to Active.",
  },
  {
    "aws:lambda/function:Function": ({ tracingConfig }) =>
      unless(tracingConfig?.mode === "Active", "The function's calls are not traced."),
  },
);

/** No secret is in an environment variable, which everybody who may describe the function can read. */
export const noSecretsInEnvironment = resourceRule(
  {
    name: "no-secrets-in-environment",
    description: "No environment variable of a function, container or build has the name or the form of a secret",
    severity: "critical",
    fix: "Store the secret in Secrets Manager or SSM, and pass its name.",
  },
  {
    "aws:codebuild/project:Project": ({ environment: { environmentVariables = [] } }) =>
      secretsIn(Object.fromEntries(environmentVariables.filter(isPlain).map(({ name, value }) => [name, value]))),
    "aws:lambda/function:Function": ({ environment }) => secretsIn(environment?.variables ?? {}),
    "aws:sagemaker/model:Model": ({ primaryContainer, containers }) =>
      [primaryContainer, ...(containers ?? [])].flatMap((container) => secretsIn(container?.environment ?? {})),
  },
);

/** Logs have a retention period. */
export const logsHaveRetention = resourceRule(
  {
    name: "logs-have-retention",
    description: "Every log group has a retention period",
    severity: "medium",
    fix: "Set retentionInDays.",
  },
  {
    "aws:cloudwatch/logGroup:LogGroup": ({ retentionInDays }) =>
      unless((retentionInDays ?? 0) > 0, "The log group keeps its logs forever."),
  },
);

/** The stack creates the log group of everything that writes logs. */
export const writersHaveLogGroups = stackRule(
  {
    name: "writers-have-log-groups",
    description:
      "Every function, endpoint and build writes to a log group of the stack, so that its retention period applies",
    severity: "medium",
    fix: "Add a LogGroup with the name that AWS uses, and let its writer depend on it.",
  },
  (stack) => {
    const groups = ofType(stack, "aws:cloudwatch/logGroup:LogGroup");
    const exists = (name: string): boolean => groups.some(({ props }) => known(() => props.name) === name);
    const functions = ofType(stack, "aws:lambda/function:Function").filter((subject) => {
      const own = known(() => subject.props.loggingConfig?.logGroup);
      if (own !== undefined) return !exists(own);
      const referred = groups.some((group) => refersTo(subject, "loggingConfig", group, []));
      return !referred && !exists(`/aws/lambda/${known(() => subject.props.name) ?? ""}`);
    });
    const endpoints = ofType(stack, "aws:sagemaker/endpoint:Endpoint").filter(
      ({ props }) => !exists(`/aws/sagemaker/Endpoints/${known(() => props.name) ?? ""}`),
    );
    const builds = ofType(stack, "aws:codebuild/project:Project").filter(
      ({ props }) => !exists(known(() => props.logsConfig?.cloudwatchLogs?.groupName) ?? ""),
    );
    return [...functions, ...endpoints, ...builds].map(({ urn, name }) => ({
      urn,
      message: `'${name}' writes to a log group that the stack does not create.`,
    }));
  },
);

/** Whether a variable of a build holds its value itself, and not the name of a secret. */
function isPlain({ type }: { readonly type?: string | undefined }): boolean {
  return type === undefined || type === "PLAINTEXT";
}

function secretsIn(variables: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(variables).flatMap((name) => [
    ...unless(!SECRET_NAME.test(name), `Variable ${name} has the name of a secret.`),
    ...unless(
      !SECRET_VALUE.test(known(() => variables[name]) ?? ""),
      `The value of variable ${name} looks like a secret.`,
    ),
  ]);
}
