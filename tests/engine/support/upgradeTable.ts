import { isDeepStrictEqual } from "node:util";
import { table } from "../../../commands/docs/markdown.js";
import { UPDATE_SECONDS } from "../../../contract/limits.js";
import type { Call } from "../provider/cloud.js";

/** What one change of a setting did. */
export interface Change {
  /** The keys that were changed. */
  readonly keys: readonly string[];
  /** The change in words, such as `none` → `isolated`. */
  readonly values: string;
  /** The calls of the `up`; undefined where it was refused. */
  readonly calls?: readonly Call[];
}

const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const TARGET = "aws:appautoscaling/target:Target";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const QUEUE = "aws:sqs/queue:Queue";

type Kind = "replaced" | "updated" | "created" | "deleted";
type Done = Readonly<Record<Kind, readonly string[]>>;

/** Kinds of resources above which a cell has only their number. */
const MAX_KINDS = 4;

/** The table of docs/upgrade.md: a row per change, but none for a way back that only reverses or repeats the way there. */
export function upgradeTable(changes: readonly Change[]): string {
  const rows = changes
    .filter((change, index) => !isReverse(change, changes[index - 1]))
    .map(({ keys, values, calls }) => {
      const cells = [keys.map((key) => `\`${key}\``).join(", "), values];
      if (calls === undefined) return [...cells, "", "", "", "refused: nothing changes"];
      const done = doneBy(calls);
      return [
        ...cells,
        counted(done.replaced),
        counted(done.updated),
        [counted(done.created, "+"), counted(done.deleted, "-")].filter((cell) => cell !== "").join(", "),
        interrupted(done).join("; ") || "nothing",
      ];
    });
  return table(["key", "change", "replaced", "updated in place", "created (+), deleted (-)", "interrupted"], rows);
}

function isReverse(back: Change, there: Change | undefined): boolean {
  if (!there?.calls || !back.calls || back.keys !== there.keys) return false;
  const [before, after] = [doneBy(there.calls), doneBy(back.calls)];
  const reversed = { ...before, created: before.deleted, deleted: before.created };
  return [before, reversed].some((done) => isDeepStrictEqual(after, done));
}

/** Types by what happened to their resources; a resource that was created and deleted is replaced. */
export function doneBy(calls: readonly Call[]): Done {
  const real = calls.filter(({ type }) => !type.startsWith("random:"));
  const of = (operation: string): Call[] => real.filter((call) => call.operation === operation);
  const among = (calls: readonly Call[], { type, name }: Call): boolean =>
    calls.some((call) => call.type === type && call.name === name);
  const types = (calls: readonly Call[]): string[] => calls.map(({ type }) => type).sort();
  const [created, deleted] = [of("create"), of("delete")];
  return {
    replaced: types(created.filter((call) => among(deleted, call))),
    updated: types(of("update")),
    created: types(created.filter((call) => !among(deleted, call))),
    deleted: types(deleted.filter((call) => !among(created, call))),
  };
}

function interrupted({ replaced, updated, created, deleted }: Done): string[] {
  const minutes = UPDATE_SECONDS / 60;
  const rules: readonly (readonly [boolean, string])[] = [
    [created.includes(ENDPOINT) && deleted.includes(ENDPOINT), "everything: another service replaces this one"],
    [updated.includes(ENDPOINT), `no request: new fleet, ${minutes} minutes at most`],
    [replaced.includes(TARGET), "scaling, during the update"],
    [deleted.includes(TARGET) && !deleted.includes(ENDPOINT), "scaling, until it is enabled again"],
    // The subscription of a queue is made with the queue.
    [created.includes(SUBSCRIPTION) && !created.includes(QUEUE), "mails, until the address is confirmed"],
  ];
  return rules.filter(([holds]) => holds).map(([, words]) => words);
}

/** Such as `+Subnet ×2, +Vpc`, or `+19 resources` where there are many kinds. */
function counted(types: readonly string[], sign = ""): string {
  const kinds = [...new Set(types)];
  if (kinds.length > MAX_KINDS && sign !== "") return `${sign}${types.length} resources`;
  return kinds
    .map((kind) => {
      const number = types.filter((type) => type === kind).length;
      return `${sign}${kind.split(":").at(-1) ?? kind}${number > 1 ? ` ×${number}` : ""}`;
    })
    .join(", ");
}
