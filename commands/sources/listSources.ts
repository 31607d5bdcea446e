import { sourceUrlVariable } from "../../contract/environment.js";
import { SOURCES } from "../../contract/evidence.js";
import { SOURCE_TABLE } from "../../lambda/evidence/sources/table.js";

/** Prints the table of sources. */
export function listSources({ json = false }: { readonly json?: boolean }): void {
  const listed = Object.values(SOURCE_TABLE).map(({ name, title, licence, terms, rate, ttlSeconds, hosts }) => ({
    name,
    title,
    group: SOURCES[name],
    licence,
    terms,
    requests_per_second: rate.perSecond,
    kept_seconds: ttlSeconds,
    hosts,
    address_variable: sourceUrlVariable(name),
  }));
  if (json) {
    console.log(JSON.stringify({ sources: listed }, undefined, 2));
    return;
  }
  for (const { name, title, group, licence, requests_per_second: rate, kept_seconds: kept } of listed) {
    console.log(`${name.padEnd(12)}${title} (${group})`);
    console.log(`${" ".repeat(12)}${licence}; ${rate} requests a second; kept for ${kept / 3_600} h`);
  }
  console.log("\nResearch use only. What each source says is shown in its words; nothing is combined into a score.");
}
