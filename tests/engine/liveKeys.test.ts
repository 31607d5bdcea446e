import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { format, resolveConfig } from "prettier";
import { parse } from "yaml";
import { fillBlock } from "../../commands/docs/markdown.js";
import type { Deployment } from "./support/deployment.js";
import { describeEngine, fresh, STACKS } from "./support/engine.js";
import { expectStateMatchesCloud } from "./support/expect.js";
import { LIVE_KEYS, OFTEN, type LiveKey } from "./support/liveKeys.js";
import { SURROUNDINGS } from "./support/surroundings.js";
import { upgradeTable, type Change } from "./support/upgradeTable.js";

const DOCUMENT = "docs/upgrade.md";

/** With UPGRADE_TABLE=write in the environment, as in `npm run docs -- --upgrade`, every key is changed, and the table written. */
const WRITE = process.env["UPGRADE_TABLE"] === "write";

const DEFAULTS = (
  parse(readFileSync("Pulumi.yaml", "utf8")) as { config: Readonly<Record<string, { default: unknown }>> }
).config;

/** Keys by change: those that change together are one run, and one row of the table. */
const RUNS = new Map<LiveKey, string[]>();
for (const [key, row] of Object.entries(LIVE_KEYS)) RUNS.set(row, [...(RUNS.get(row) ?? []), key]);

/** Types that no change may replace, except for another `projectName`. */
const NEVER_REPLACED = ["aws:sagemaker/endpoint:Endpoint", "aws:s3/bucket:Bucket", "aws:dynamodb/table:Table"];

describeEngine("a key that changes on a deployed stack, there and back, with the real engine", () => {
  const changes: Change[] = [];
  let end = (): void => undefined;

  afterEach(() => {
    end();
    end = () => undefined;
  });

  it("has a row for each key of the project", () => {
    expect(Object.keys(LIVE_KEYS)).to.deep.equal(Object.keys(DEFAULTS).filter((key) => !key.includes(":")));
  });

  for (const [row, keys] of RUNS) {
    if (!WRITE && !keys.some((key) => OFTEN.includes(key))) continue;
    it(keys.join(", "), async () => {
      const { to, needs = {}, back = {}, refused, surround, kept = [] } = row;
      const live = await fresh(row.stack ?? "defaults");
      end = (await surround?.(live)) ?? end;
      if (Object.keys(needs).length > 0) {
        await live.set(needs);
        expect((await live.up()).messages).to.deep.equal([]);
      }
      const before = identities(live);
      const from = valuesBefore(row);

      for (const [olds, news] of [
        [from, to],
        [to, from],
      ] as const) {
        await live.set(news === from ? { ...news, ...back } : news);
        const up = await live.up();

        if (refused !== undefined && news === to) {
          expect(up.messages.join("\n")).to.include(refused);
          expect(up.calls).to.deep.equal([]);
          changes.push({ keys, values: arrow(keys, olds, news) });
          continue;
        }
        expect(up.messages).to.deep.equal([]);
        expectStateMatchesCloud(live, [...kept, ...SURROUNDINGS]);
        // A model version has an endpoint of its own.
        if (!keys.includes("projectName")) expect(identities(live)).to.include.members(before);
        if (refused === undefined) changes.push({ keys, values: arrow(keys, olds, news), calls: up.calls });
      }
    });
  }

  it(`does what the table of ${DOCUMENT} says`, async function () {
    const before = readFileSync(DOCUMENT, "utf8");
    const found = upgradeTable(changes);
    if (!WRITE) {
      const documented = new Set(rowsOf(before));
      expect(
        rowsOf(found).filter((row) => !documented.has(row)),
        "run `npm run docs -- --upgrade`",
      ).to.deep.equal([]);
      return;
    }
    // Where only some rows ran, with --grep, there is no whole table.
    if (changes.length < 2 * RUNS.size - 1) this.skip();
    const filled = fillBlock(before, "live-changes", found);
    writeFileSync(DOCUMENT, await format(filled, { ...(await resolveConfig(DOCUMENT)), filepath: DOCUMENT }));
  });
});

/** The rows of a table that begin with a key, without the spaces between cells. */
function rowsOf(markdown: string): string[] {
  return markdown
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.replace(/\s*\|\s*/g, "|"));
}

/** The values that a change replaces. */
function valuesBefore({ stack = "defaults", from = {}, to }: LiveKey): Record<string, string> {
  const ofStack = STACKS[stack] ?? {};
  return Object.fromEntries(
    Object.keys(to).map((key) => [key, { ...ofStack, ...from }[key] ?? String(DEFAULTS[key]?.default)]),
  );
}

/** `none` → `isolated`; empty values, and those of several keys, in words. */
function arrow(keys: readonly string[], olds: object, news: object): string {
  if (keys.length > 1) return Object.values(news).includes("") ? "unset" : "set";
  const [before, after] = [olds, news].map((values) => String((values as Record<string, string>)[keys[0] ?? ""]));
  return [before, after].map((value) => (value === "" ? "empty" : `\`${shortened(value ?? "")}\``)).join(" → ");
}

function shortened(value: string): string {
  return value.length > 24 ? `${value.slice(0, 12)}…` : value;
}

function identities({ cloud }: Deployment): string[] {
  return NEVER_REPLACED.flatMap((type) => cloud.all(type).map(({ id }) => id));
}
