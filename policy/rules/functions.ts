import { resourceRule, stackRule, ofType, unless } from "../rule.js";
import { known, refersTo } from "../references.js";

/** Names of variables that hold what nobody may read in a function's configuration. */
const SECRET_NAME =
  /(?:^|_)(?:SECRET|PASSWORD|PASSWD|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?|ACCESS_?KEY(?:_ID)?)(?:_|$)/i;

/** What secrets look like: AWS's access keys, GitHub's and the hub's tokens, private keys, and addresses with a password. */
const SECRET_VALUE =
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{36}|\bhf_[A-Za-z]{30}|-----BEGIN [A-Z ]*PRIVATE KEY-----|:\/\/[^/\s:@]+:[^/\s@]+@/;

/** What a function does can be followed. */
export const functionsAreTraced = resourceRule(
  {
    name: "functions-are-traced",
    description: "Every function is traced by X-Ray",
    severity: "low",
    mend: "Set tracingConfig.mode to Active.",
  },
  {
    "aws:lambda/function:Function": ({ tracingConfig }) =>
      unless(tracingConfig?.mode === "Active", "The function's calls are not traced."),
  },
);

/** A function's variables are no place for secrets: whoever may describe the function reads them. */
export const noSecretsInEnvironment = resourceRule(
  {
    name: "no-secrets-in-environment",
    description: "No variable of a function or container is named like a secret, or looks like one",
    severity: "critical",
    mend: "Keep the secret in Secrets Manager or SSM, and pass its name.",
  },
  {
    "aws:lambda/function:Function": ({ environment }) => secretsIn(environment?.variables ?? {}),
    "aws:sagemaker/model:Model": ({ primaryContainer, containers }) =>
      [primaryContainer, ...(containers ?? [])].flatMap((container) => secretsIn(container?.environment ?? {})),
  },
);

/** Logs end one day. */
export const logsHaveRetention = resourceRule(
  {
    name: "logs-have-retention",
    description: "Every log group says how long it keeps its logs",
    severity: "medium",
    mend: "Set retentionInDays.",
  },
  {
    "aws:cloudwatch/logGroup:LogGroup": ({ retentionInDays }) =>
      unless((retentionInDays ?? 0) > 0, "The log group keeps its logs for ever."),
  },
);

/** Every writer of logs has a group that the stack made. */
export const writersHaveLogGroups = stackRule(
  {
    name: "writers-have-log-groups",
    description: "Every function and endpoint writes to a log group that the stack makes, so that retention holds",
    severity: "medium",
    mend: "Add a LogGroup of the name to which AWS writes, and let its writer wait for it.",
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
    return [...functions, ...endpoints].map(({ urn, name }) => ({
      urn,
      message: `'${name}' writes to a log group that the stack does not make.`,
    }));
  },
);

function secretsIn(variables: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(variables).flatMap((name) => [
    ...unless(!SECRET_NAME.test(name), `Variable ${name} is named like a secret.`),
    ...unless(
      !SECRET_VALUE.test(known(() => variables[name]) ?? ""),
      `The value of variable ${name} looks like a secret.`,
    ),
  ]);
}
