import { InvalidArgumentError, Option, type Command } from "commander";
import { SCORINGS } from "../../contract/jobs.js";
import { MAX_NUMBERING_OFFSET } from "../../contract/limits.js";

const MOST_AT_A_TIME = 50;

/**
 * A subcommand, with what all of them have.
 *
 * @param usage its name and arguments
 * @param examples what follows `vep` on the command line, shown at the end of its help
 */
export function described(vep: Command, usage: string, summary: string, examples: readonly string[]): Command {
  return vep
    .command(usage)
    .description(summary)
    .summary(firstSentence(summary))
    .helpOption("--help", "show this help")
    .option("--debug", "print the stack of an error")
    .addHelpText("after", examplesText(examples));
}

/** What a list of commands or options has room for. */
export function firstSentence(text: string): string {
  return (/^[^.:;]*/.exec(text)?.[0] ?? "").trim();
}

/** The end of a help text. */
export function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((text) => `  vep ${text}`).join("\n")}`;
}

/** A subcommand that calls the tools. */
export function calling(vep: Command, usage: string, summary: string, examples: readonly string[]): Command {
  return described(vep, usage, summary, examples)
    .option("--local", "use the twin of `npm run local`; where none runs, start one for this call")
    .option("--stack <name>", "use the deployed stack of this name (needs the Pulumi CLI)")
    .option("--lambda-function <name>", "use this function of the tools; default: found in Systems Manager");
}

/** A subcommand that calls the tools, and can print JSON. */
export function printing(vep: Command, usage: string, summary: string, examples: readonly string[]): Command {
  return calling(vep, usage, summary, examples).option("--json", JSON_OPTION);
}

/** Text of the option `--json`. */
export const JSON_OPTION = "print JSON, and nothing else, on standard output";

/** The option that chooses how proteins are scored. */
export function scoringOption(): Option {
  return new Option("--scoring <method>", "how proteins are scored").choices(SCORINGS).default(SCORINGS[0]);
}

/** The option that names the model of a twin. */
export function modelOption(): Option {
  return new Option(
    "--model <id>",
    "with --local, where it starts a twin: a folder, or a model of the Hugging Face hub",
  );
}

/** The option that takes what looks like DNA as a protein. */
export function dnaOption(): Option {
  return new Option("--allow-dna-letters", "take sequences of only A, C, G, T and N as proteins, not as DNA");
}

/** The option for variants in another numbering. */
export function offsetOption(): Option {
  return new Option(
    "--numbering-offset <number>",
    "number that your numbering adds to the 1-based position; default: that of the result, or 0",
  ).argParser((text) => wholeNumber(text, -MAX_NUMBERING_OFFSET, MAX_NUMBERING_OFFSET));
}

/** Reads a number of jobs. */
export function readJobCount(text: string): number {
  return wholeNumber(text, 1, MOST_AT_A_TIME);
}

/**
 * Reads a whole number.
 *
 * @throws InvalidArgumentError where it is none, or out of range
 */
export function wholeNumber(text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^-?\d+$/.test(text) || number < least || number > most) {
    throw new InvalidArgumentError(`Allowed is a number from ${least} to ${most}.`);
  }
  return number;
}
