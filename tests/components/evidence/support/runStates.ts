/** A state of a definition, as far as {@link runStates} runs it. */
interface State {
  readonly Type: "Choice" | "Pass" | "Task";
  readonly Choices?: readonly { readonly Variable: string; readonly Next: string }[];
  readonly Default?: string;
  readonly Resource?: string;
  readonly Parameters?: unknown;
  readonly Result?: unknown;
  readonly ResultSelector?: unknown;
  readonly ResultPath?: string;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts?: number }[];
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly ResultPath: string;
    readonly Next: string;
  }[];
  readonly Next?: string;
  readonly End?: boolean;
}

/** States with a beginning: a state machine, or a branch of one. */
export interface States {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** An error of a task, as Step Functions names it. */
export class TaskError extends Error {
  constructor(
    override readonly name: string,
    override readonly cause: string,
  ) {
    super(name);
  }
}

/** Services by the end of their ARN, such as `batch:submitJob.sync`. */
export type Services = Readonly<Record<string, (parameters: Readonly<Record<string, unknown>>) => Promise<unknown>>>;

/**
 * Runs states as Step Functions does: the part of the language that the alignment of a workflow uses. A retry waits for nothing.
 *
 * @returns the output, and the names of the states in their order, each attempt once
 * @throws TaskError that nothing catches
 */
export async function runStates(
  { StartAt, States }: States,
  input: unknown,
  services: Services,
): Promise<{ readonly output: unknown; readonly visited: readonly string[] }> {
  const visited: string[] = [];
  let data = input;
  let name: string | undefined = StartAt;
  while (name !== undefined) {
    const current: string = name;
    const state = States[current];
    if (state === undefined) throw new Error(`There is no state ${current}.`);
    const failed: Record<string, number> = {};
    for (;;) {
      visited.push(current);
      try {
        [data, name] = await step(state, data, services);
        break;
      } catch (error) {
        if (!(error instanceof TaskError)) throw error;
        const rule = state.Retry?.findIndex((one) => matches(one, error)) ?? -1;
        const attempts = (failed[rule] = (failed[rule] ?? 0) + 1);
        if (rule >= 0 && attempts <= (state.Retry?.[rule]?.MaxAttempts ?? 3)) continue;
        const caught = state.Catch?.find((one) => matches(one, error));
        if (caught === undefined) throw error;
        data = withResult(data, caught.ResultPath, { Error: error.name, Cause: error.cause });
        name = caught.Next;
        break;
      }
    }
  }
  return { output: data, visited };
}

async function step(state: State, data: unknown, services: Services): Promise<[unknown, string | undefined]> {
  if (state.Type === "Choice") {
    const chosen = state.Choices?.find(({ Variable }) => at(data, Variable) !== undefined);
    return [data, chosen?.Next ?? state.Default];
  }
  const given = state.Parameters === undefined ? data : filled(state.Parameters, data);
  const result = state.Type === "Pass" ? (state.Result ?? given) : await called(state, given, services);
  const selected = state.ResultSelector === undefined ? result : filled(state.ResultSelector, result);
  return [withResult(data, state.ResultPath ?? "$", selected), state.End === true ? undefined : state.Next];
}

function called({ Resource = "" }: State, given: unknown, services: Services): Promise<unknown> {
  const service = services[Resource.split(":::")[1] ?? ""];
  if (service === undefined) throw new Error(`No test service is ${Resource}.`);
  return service(given as Readonly<Record<string, unknown>>);
}

function matches({ ErrorEquals }: { readonly ErrorEquals: readonly string[] }, { name }: TaskError): boolean {
  return ErrorEquals.some(
    (one) => one === name || one === "States.ALL" || (one === "States.TaskFailed" && name !== "States.Timeout"),
  );
}

/** A template, with the values of its paths. */
function filled(template: unknown, data: unknown): unknown {
  if (typeof template !== "object" || template === null || Array.isArray(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) =>
      key.endsWith(".$") ? [key.slice(0, -2), valueOf(String(value), data)] : [key, filled(value, data)],
    ),
  );
}

function valueOf(expression: string, data: unknown): unknown {
  const [, path] = /^States\.JsonToString\((.+)\)$/.exec(expression) ?? [];
  const value = at(data, path ?? expression);
  if (value === undefined) throw new TaskError("States.ParameterPathFailure", expression);
  return path === undefined ? value : JSON.stringify(value);
}

function at(data: unknown, path: string): unknown {
  return namesIn(path).reduce<unknown>(
    (value, name) => (value as Readonly<Record<string, unknown>> | undefined)?.[name],
    data,
  );
}

function withResult(data: unknown, path: string, result: unknown): unknown {
  const [first, ...rest] = namesIn(path);
  if (first === undefined) return result;
  const object = (data ?? {}) as Readonly<Record<string, unknown>>;
  return { ...object, [first]: withResult(object[first], ["$", ...rest].join("."), result) };
}

function namesIn(path: string): string[] {
  return path.split(".").slice(1);
}
