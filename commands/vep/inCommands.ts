/** What an error of the tools names, and what does the same on the command line. */
const NAMES: readonly (readonly [string, string])[] = [
  ["set allow_dna_letters to true", "use --allow-dna-letters"],
  ["the answer of invoke_endpoint", "vep list"],
  ["invoke_endpoint", "vep predict"],
  ["list_jobs", "vep list"],
];

/** An error of the tools, with commands and options instead of tools and arguments. */
export function inCommands(text: string): string {
  return NAMES.reduce((said, [name, command]) => said.replaceAll(name, command), text);
}
