import { vepProgram } from "../../../../commands/vep/program.js";

/**
 * The subcommands that a command line calls: only what the command line reads is tested, not what the subcommand does.
 *
 * @throws CommanderError where an option or argument is wrong
 */
export function parsedBy(words: readonly string[]): string[] {
  const vep = vepProgram().exitOverride();
  const called: string[] = [];
  for (const command of vep.commands) {
    command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    command.action(() => void called.push(command.name()));
  }
  vep.parse(words, { from: "user" });
  return called;
}
