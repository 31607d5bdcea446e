import { text, type Key } from "./schemas.js";

/** The configuration keys of the sources of evidence. */
export const SOURCE_KEYS = {
  ncbiApiKeyParameter: text(/^$|^(?!\/?(?:aws|ssm)(?:$|[/._-]))\/?[\w.-]+(?:\/[\w.-]+){0,14}$/i, {
    allowed: "empty, or the name of a parameter in Systems Manager, which does not begin with aws or ssm",
    suggestion: () => "/vep/ncbi-api-key",
  }),
  evidenceContact: text(/^$|^[^\s@;()]+@[^\s@.;()]+(?:\.[^\s@.;()]+)+$/, {
    allowed: "empty, or one e-mail address",
    suggestion: () => "name@example.org",
  }),
} as const satisfies Readonly<Record<string, Key>>;
