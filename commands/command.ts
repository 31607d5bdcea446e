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
 */
export async function runProgram(program: Command): Promise<void> {
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .hook("preAction", (_, called) => {
        refuseEmptyValues(called);
      });
  }
  // A reader such as `head` has seen enough.
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    if (code === "EPIPE") process.exit(0);
  });
  await finish(program, () => program.parseAsync());
}

async function finish(command: Command, run: () => Promise<unknown>): Promise<void> {
  // commands/setup.mjs has already said in one line that Node is old.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
  try {
    await run();
  } catch (error) {
    process.exitCode = report(error, command);
  }
}

function refuseEmptyValues(command: Command): void {
  const empty = command.options.find((option) => command.getOptionValue(option.attributeName()) === "");
  if (empty) throw new UsageError(`option '${empty.flags}' argument '' is invalid: it is empty.`);
}

/** Prints what went wrong and gives the exit code. */
function report(error: unknown, command: Command): number {
  if (error instanceof CommanderError || error instanceof UsageError) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const text = usageMessage(error, command);
    console.error(`amplify-vep: ${text}${text.includes("\n") ? "\n" : " "}See: ${command.name()} --help`);
    return 2;
  }
  console.error(`amplify-vep: ${failureMessage(error)}`);
  return 1;
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
];

function failureMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  const fault = [error, ...inner].find((one) => one instanceof Error && CODE_FAULTS.includes(one.name));
  if (fault instanceof Error) return fault.stack ?? fault.message;
  const debug = (process.env["DEBUG"] ?? "") !== "" || process.argv.includes("--debug");
  if (debug) return error.stack ?? error.message;
  const fix = FIXES.find(([pattern]) => pattern.test(`${error.name}: ${error.message}`))?.[1];
  return fix === undefined ? error.message : `${error.message.replace(/\.?$/, ".")} ${fix}`;
}
