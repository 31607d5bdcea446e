import { readFileSync } from "node:fs";
import { expect } from "chai";
import { everything, withVersions } from "./support/everything.js";
import type { PlannedResource } from "../../../local/program/runProgram.js";
import { METRIC_TABLE, metricId, type PublishedMetric } from "./support/metricTable.js";

type Named = Pick<PublishedMetric, "namespace" | "name" | "dimensions">;

/** The metric that a query asks for; undefined for metric math. */
function asked(expression: unknown): Named | undefined {
  const [, name, namespace, where = ""] =
    /^SELECT \w+\((\w+)\) FROM "([^"]+)" WHERE (\w+) = '[^']+'$/.exec(String(expression)) ?? [];
  return name === undefined || namespace === undefined ? undefined : { namespace, name, dimensions: [where] };
}

interface MetricInputs {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

function named({ namespace, metricName, dimensions }: MetricInputs): Named {
  return { namespace, name: metricName, dimensions: Object.keys(dimensions) };
}

async function ofType(type: string): Promise<PlannedResource[]> {
  const stacks = await Promise.all([everything(), withVersions()]);
  return stacks.flatMap(({ all }) => all(type));
}

async function alarmed(): Promise<Named[]> {
  const alarms = await ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
  return alarms.flatMap(({ inputs }) => {
    const queries = inputs["metricQueries"] as { metric?: MetricInputs; expression?: string }[] | undefined;
    if (queries === undefined) return [named(inputs as unknown as MetricInputs)];
    return queries.flatMap(({ metric, expression }) => (metric ? [named(metric)] : (asked(expression) ?? [])));
  });
}

interface DrawnWidget {
  readonly type: string;
  readonly properties: { readonly title: string; readonly metrics: readonly (readonly unknown[])[] };
}

async function drawn(): Promise<{ readonly title: string; readonly metric: Named }[]> {
  const dashboards = await ofType("aws:cloudwatch/dashboard:Dashboard");
  return dashboards
    .flatMap(({ inputs }) => (JSON.parse(String(inputs["dashboardBody"])) as { widgets: DrawnWidget[] }).widgets)
    .filter(({ type }) => type === "metric")
    .flatMap(({ properties: { title, metrics } }) =>
      metrics.flatMap((line) => {
        const [first, ...rest] = line;
        if (typeof first !== "string") {
          const metric = asked((first as { expression: string }).expression);
          return metric === undefined ? [] : [{ title, metric }];
        }
        const [name = "", ...dimensions] = rest.slice(0, -1) as string[];
        const names = dimensions.filter((_, index) => index % 2 === 0);
        return [{ title, metric: { namespace: first, name, dimensions: names } }];
      }),
    );
}

const KNOWN = new Map(METRIC_TABLE.map((row) => [metricId(row), row]));

/** What a title has in brackets for a unit. */
const IN_TITLE: Readonly<Partial<Record<PublishedMetric["unit"], string>>> = {
  Microseconds: "(µs)",
  Milliseconds: "(ms)",
  Percent: "(%)",
  Seconds: "(s)",
};

describe("the metrics of alarms and dashboard", () => {
  it("are all in the table of what is published, and the table has no other", async () => {
    // The alarms that scale the endpoint track one more, which components/endpoint/endpointScaling.ts names.
    const used = [...(await alarmed()), ...(await drawn()).map(({ metric }) => metric)].map(metricId);

    expect(used.filter((id) => !KNOWN.has(id))).to.deep.equal([]);
    expect([...KNOWN.keys()].filter((id) => !used.includes(id))).to.deep.equal([]);
  });

  it("are drawn with their unit in the title", async () => {
    for (const { title, metric } of await drawn()) {
      const unit = KNOWN.get(metricId(metric))?.unit ?? "None";
      // Numbers of instances are samples of a percentage, and the first look has several units.
      if (title.startsWith("Instances") || title === "Now" || title.startsWith("Today")) continue;
      expect(
        title.endsWith(IN_TITLE[unit] ?? "") && (unit in IN_TITLE || !title.endsWith(")")),
        `${title}: ${unit}`,
      ).to.equal(true);
    }
  });

  it("that the functions count are counted under these names", () => {
    const source = readFileSync("lambda/shared/telemetry.ts", "utf8");

    for (const { name } of METRIC_TABLE.filter(({ namespace }) => namespace === "AmplifyVep")) {
      expect(source, name).to.include(name);
    }
  });
});
