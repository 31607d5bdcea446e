import { setCommand, type ConfigFault } from "./faults.js";
import type { StackSettings } from "./keys.js";

type SourceSettings = Partial<Pick<StackSettings, "evidence" | "ncbiApiKeyParameter" | "evidenceContact">>;

/** Faults of the keys of the sources of evidence: they need `evidence`. */
export function sourceFaults({
  evidence = false,
  ncbiApiKeyParameter = "",
  evidenceContact = "",
}: SourceSettings): ConfigFault[] {
  if (evidence) return [];
  return Object.entries({ ncbiApiKeyParameter, evidenceContact })
    .filter(([, value]) => value !== "")
    .map(([key, value]) => ({
      key,
      value,
      problem: "allowed only with evidence true, which asks sources",
      fix: setCommand("evidence", "true"),
    }));
}
