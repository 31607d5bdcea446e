/**
 * What every `npm run` command shares: the form of its help, its usage errors (exit code 2) and its failures (exit
 * code 1). A command imports what is heavy only inside `act`, so that help and usage errors take a fraction of a second.
 */
import { Command, CommanderError, InvalidArgumentError } from "commander";

/** An option or argument is wrong: exit code 2, one line, and a pointer to `--help`. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Errors that the language throws: a fault in the code, which needs its stack. */
const CODE_FAULTS: readonly string[] = ["TypeError", "RangeError", "ReferenceError", "SyntaxError"];

/**
 * Describes a command, for options to be added to.
 *
 * @param name as the user types it, such as `npm run demo`
 * @param summary one sentence on what it does
 * @param examples options that follow `name --`, shown at the end of the help
 */
export function commandLine(name: string, summary: string, examples: readonly string[] = []): Command {
  const command = new Command(`${name} --`)
    .description(summary)
    .helpOption("--help", "show this help")
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  if (examples.length === 0) return command;
  return command.addHelpText("after", `\nExamples:\n${examples.map((text) => `  ${name} -- ${text}`).join("\n")}`);
}

/** Reads a number of things, at least 1. */
export function readCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Allowed is a whole number from 1.");
  return Number(text);
}

/**
 * Reads the options of this process, runs the command and sets the exit code.
 *
 * @param act called once the options are read, see `command.opts`; returns the exit code
 */
export async function runCommand(command: Command, act: () => Promise<number>): Promise<void> {
  await finish(command, async () => {
    command.parse();
    refuseEmptyValues(command);
    process.exitCode = await act();
  });
}

/**
 * Runs a command with subcommands, whose actions set the exit code.
 *
 * @param program its subcommands were made with `command`, and inherit how errors are printed
 * @param reword puts the text of an error into the words of the program
 */
export async function runProgram(program: Command, reword: (text: string) => string): Promise<void> {
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .hook("preAction", (_, called) => {
        refuseEmptyValues(called);
      });
  }
  // A program that is called alone shows what it can do.
  if (process.argv.length === 2) process.argv.push("--help");
  await finish(program, () => program.parseAsync(), reword);
}

async function finish(
  command: Command,
  run: () => Promise<unknown>,
  reword = (text: string): string => text,
): Promise<void> {
  // commands/setup.mjs has already said in one line that Node is old.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
  endWithOutput();
  // https://no-color.org, which chalk does not know.
  if ((process.env["NO_COLOR"] ?? "") !== "") (await import("chalk")).default.level = 0;
  try {
    await run();
  } catch (error) {
    process.exitCode = report(error, command, reword);
  }
}

/** Ends this process where nobody reads its output any more, or where it cannot be written. */
function endWithOutput(): void {
  process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    // A reader such as `head` has seen enough.
    if (code === "EPIPE") process.exit();
    console.error(`amplify-vep: standard output cannot be written: ${message}`);
    process.exit(1);
  });
  // Work goes on where nobody reads how far it is.
  process.stderr.on("error", () => undefined);
}

function refuseEmptyValues(command: Command): void {
  const empty = command.options.find((option) => command.getOptionValue(option.attributeName()) === "");
  if (empty) throw new UsageError(`option '${empty.flags}' argument '' is invalid: it is empty.`);
}

/** Prints what went wrong and gives the exit code. */
function report(error: unknown, command: Command, reword: (text: string) => string): number {
  if (error instanceof CommanderError || error instanceof UsageError) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const text = reword(usageMessage(error, command));
    console.error(`amplify-vep: ${text}${text.includes("\n") ? "\n" : " "}See: ${helpOf(command)}`);
    return 2;
  }
  console.error(`amplify-vep: ${reword(failureMessage(error))}`);
  return 1;
}

/** The command line that shows the help of a command, or of the subcommand that was called. */
function helpOf(command: Command): string {
  const [, , called] = process.argv;
  const known = command.commands.some((one) => one.name() === called);
  return [command.name(), ...(known ? [called] : []), "--help"].join(" ");
}

function usageMessage(error: CommanderError | UsageError, command: Command): string {
  if (error instanceof CommanderError && error.code === "commander.excessArguments") {
    // npm takes what precedes the double hyphen for its own options and leaves their values behind.
    return `unexpected argument '${command.args.join(" ")}'; options follow a double hyphen.`;
  }
  if (error instanceof UsageError) return error.message;
  const text = error.message.replace(/^error: /, "").replaceAll("\n", " ");
  return /[.?)]$/.test(text) ? text : `${text}.`;
}

/** What helps where AWS cannot be called, by a text in the name or message of the SDK's error. */
const FIXES: readonly (readonly [RegExp, string])[] = [
  [/CredentialsProviderError|ExpiredToken/, "Sign in to AWS: aws sso login, or aws configure."],
  [/Region is missing/, "Set AWS_REGION."],
  [/^ResourceNotFoundException.*Function/, "Check its name, and AWS_REGION."],
  [/ECONNREFUSED/, "Nothing answers at that address: start npm run local again, or check AWS_ENDPOINT_URL."],
  [/ENOENT.*, open/, "Make its folder first."],
  [/EISDIR/, "It is a folder: name a file in it."],
];

/** The message of an error, and its fix where one is known. */
export function withFix({ name, message }: Error): string {
  const fix = FIXES.find(([pattern]) => pattern.test(`${name}: ${message}`))?.[1];
  return fix === undefined ? message : `${message.replace(/\.?$/, ".")} ${fix}`;
}

function failureMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  const fault = [error, ...inner].find((one) => one instanceof Error && CODE_FAULTS.includes(one.name));
  if (fault instanceof Error) return fault.stack ?? fault.message;
  const debug = (process.env["DEBUG"] ?? "") !== "" || process.argv.includes("--debug");
  if (debug) return error.stack ?? error.message;
  return withFix(error);
}
