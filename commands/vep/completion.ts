import type { Command, Option } from "commander";
import { firstSentence } from "./describe.js";

/** Shells whose completion can be printed. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** What a shell completes after a subcommand. */
interface Completed {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly { readonly flag: string; readonly summary: string; readonly values: readonly string[] }[];
  /** Values of its first argument; empty for files and free text. */
  readonly choices: readonly string[];
}

/** The script that completes subcommands, options, their values, and files. */
export function completionScript(vep: Command, shell: Shell): string {
  const commands = vep.commands.map(completed);
  return { bash, zsh, fish }[shell](commands);
}

function completed(command: Command): Completed {
  return {
    name: command.name(),
    summary: firstSentence(command.description()),
    options: command.options.concat(helpOption(command)).map(({ long, description, argChoices }) => ({
      flag: long ?? "",
      summary: firstSentence(description),
      values: argChoices ?? [],
    })),
    choices: command.registeredArguments[0]?.argChoices ?? [],
  };
}

function helpOption(command: Command): Option[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter(({ long }) => long === "--help");
}

function bash(commands: readonly Completed[]): string {
  const cases = commands.flatMap(({ name, options, choices }) => {
    const values = options
      .filter(({ values: some }) => some.length > 0)
      .map(({ flag, values: some }) => `        ${flag}) words="${some.join(" ")}"; return ;;`);
    return [
      `    ${name})`,
      ...(values.length > 0 ? ['      case "$previous" in', ...values, "      esac"] : []),
      `      options="${options.map(({ flag }) => flag).join(" ")}"`,
      ...(choices.length > 0 ? [`      words="${choices.join(" ")}"`] : []),
      "      ;;",
    ];
  });
  return `# vep completion bash: source it, or add it to ~/.bashrc
_vep_words() {
  local previous="$2"
  words="" options=""
  case "$1" in
${cases.join("\n")}
  esac
}
_vep() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words options
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")} --help" -- "$current"))
    return
  fi
  _vep_words "\${COMP_WORDS[1]}" "\${COMP_WORDS[COMP_CWORD-1]}"
  case "$current" in -*) words="$options" ;; esac
  if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); else COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _vep vep
`;
}

function zsh(commands: readonly Completed[]): string {
  const quoted = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(/[[\]:]/g, "\\$&");
  const cases = commands.map(({ name, options, choices }) => {
    const specs = options.map(({ flag, summary, values }) => {
      return `'${flag}[${quoted(summary)}]${values.length > 0 ? `:value:(${values.join(" ")})` : ""}'`;
    });
    return `    ${name}) _arguments ${specs.join(" ")} '*:argument:${choices.length > 0 ? `(${choices.join(" ")})` : "_files"}' ;;`;
  });
  return `#compdef vep
# vep completion zsh: source it after compinit, or save it as _vep in a folder of $fpath
_vep() {
  if (( CURRENT == 2 )); then
    local -a commands=(${commands.map(({ name, summary }) => `'${name}:${quoted(summary)}'`).join(" ")})
    _describe command commands
    return
  fi
  local name=$words[2]
  shift words
  (( CURRENT-- ))
  case $name in
${cases.join("\n")}
  esac
}
compdef _vep vep
`;
}

function fish(commands: readonly Completed[]): string {
  const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = commands.flatMap(({ name, summary, options, choices }) => [
    `complete -c vep -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
    ...options.map(({ flag, summary: about, values }) => {
      const given = values.length > 0 ? ` -x -a ${quoted(values.join(" "))}` : "";
      return `complete -c vep -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}${given} -d ${quoted(about)}`;
    }),
    ...(choices.length > 0
      ? [`complete -c vep -n '__fish_seen_subcommand_from ${name}' -f -a ${quoted(choices.join(" "))}`]
      : []),
  ]);
  return `# vep completion fish: save it as ~/.config/fish/completions/vep.fish\n${lines.join("\n")}\n`;
}
