import { readFileSync } from "node:fs";
import { expect } from "chai";
import { savedQueries } from "../../../components/operations/savedQueries.js";
import { notificationOf, recordBatch } from "../../lambda/support/recorder.js";
import { SEQUENCE, ToolsWorld } from "../../lambda/support/world.js";

const QUERIES = savedQueries({
  endpointName: "endpoint",
  versions: [],
  functionName: "tools",
  recorderName: "recorder",
  sweeperName: "sweeper",
});

/** Words of the language, and functions, that the queries use. */
const LANGUAGE = /^(?:filter|fields|sort|stats|limit|desc|and|by|as|like|count|max|avg|ispresent|bin|h)$/;

/** The fields that a query asks for, without those that CloudWatch adds and those that the query makes. */
function fieldsOf(query: string): string[] {
  const made = [...query.matchAll(/ as (\w+)/g)].map(([, name = ""]) => name);
  const words = query.replace(/"[^"]*"/g, "").match(/@?[A-Za-z_]\w*/g) ?? [];
  return words.filter((word) => !word.startsWith("@") && !LANGUAGE.test(word) && !made.includes(word));
}

/** The line with which the recorder logs the end of a job. */
async function lineOf(status: "Completed" | "Failed"): Promise<Record<string, unknown>> {
  const world = new ToolsWorld();
  const id = (await world.submit({ sequence: SEQUENCE })).output_id;
  await recordBatch(world, notificationOf(world, id, status));
  const line = world.logged.split("\n").find((text) => text.includes('"message":"Job ended"')) ?? "{}";
  return JSON.parse(line) as Record<string, unknown>;
}

describe("the saved queries", () => {
  const named = (name: string): string => QUERIES.find((query) => query.name === name)?.query ?? "";

  it("ask for fields that the functions log", async () => {
    const completed = await lineOf("Completed");
    const failed = await lineOf("Failed");

    expect(fieldsOf(named("slowest-jobs"))).to.include.members(["output_id", "total_seconds", "state"]);
    expect(Object.keys(completed)).to.include.members(fieldsOf(named("slowest-jobs")));
    expect(Object.keys(failed)).to.include.members(fieldsOf(named("failures-by-reason")));
    expect(completed["state"]).to.equal("completed");
    expect(failed["state"]).to.equal("failed");
  });

  it("ask for nothing but what CloudWatch adds where Lambda and the model server write the lines", () => {
    expect(QUERIES.map(({ name }) => name)).to.have.members([
      "slowest-jobs",
      "failures-by-reason",
      "cold-starts",
      "model-starts",
    ]);
    for (const name of ["cold-starts", "model-starts"]) expect(fieldsOf(named(name)), name).to.deep.equal([]);
    const [, words = "none"] = /like "([^"]+)"/.exec(named("model-starts")) ?? [];
    expect(readFileSync("image/src/amplify_vep/server/pool.py", "utf8")).to.include(`_log.info("${words}"`);
  });
});
