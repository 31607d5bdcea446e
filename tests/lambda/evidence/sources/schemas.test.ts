import { expect } from "chai";
import fc from "fast-check";
import { SOURCES, type SourceName } from "../../../../contract/evidence.js";
import { askSource } from "../../../../lambda/evidence/sources/askSource.js";
import { SOURCE_TABLE } from "../../../../lambda/evidence/sources/table.js";
import { fixture, ReplayServer, type Exchange } from "../../../support/replay.js";
import { expectProvenance, PROTEIN, services } from "./support/asking.js";

const FIXTURES: Readonly<Record<SourceName, string>> = {
  uniprot: "uniprot/entry",
  variation: "variation/entry",
  clinvar: "clinvar/gene",
  alphafold: "alphafold/model",
  rcsb: "rcsb/entities",
  pubmed: "pubmed/gene",
  opentargets: "opentargets/target",
  trials: "trials/studies",
};

/** Where a value of a JSON document is. */
type Place = readonly (string | number)[];

/** All places of a document, the first ones of long lists only. */
function placesOf(value: unknown, at: Place = []): Place[] {
  if (typeof value !== "object" || value === null) return [at];
  const inside = Object.keys(value)
    .slice(0, 12)
    .flatMap((key) =>
      placesOf((value as Record<string, unknown>)[key], [...at, Array.isArray(value) ? Number(key) : key]),
    );
  return [at, ...inside];
}

/** A copy with one value replaced, or left out where the new one is undefined. */
function changed(value: unknown, at: Place, to: unknown): unknown {
  const [key, ...rest] = at;
  if (key === undefined) return to;
  if (typeof value !== "object" || value === null) return value;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string | number, unknown>;
  if (rest.length === 0 && to === undefined) Reflect.deleteProperty(copy, key);
  else copy[key] = changed(copy[key], rest, to);
  return copy;
}

/** What a source may answer by mistake. */
const wrong = fc.oneof(
  fc.constantFrom(undefined, null, "", " ", 0, -1, 1e308, true, [], {}, "NaN", [null], [[]], { a: 1 }),
  fc.string({ maxLength: 20 }),
  fc.integer(),
  fc.double(),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Rows that a source gave, each checked for its provenance. */
async function rowsOf(name: SourceName, server: ReplayServer): Promise<string[]> {
  const options = { sharesSequence: false, deadline: Date.parse("2026-11-29T12:05:00Z") };
  const answer = await askSource(SOURCE_TABLE[name], PROTEIN, options, services(server));
  for (const row of [...answer.rows, ...answer.refused.map(({ row }) => row)]) expectProvenance(row);
  if (answer.status === "ok") expect(answer.reason).to.equal(undefined);
  else {
    expect(answer.reason, answer.status).to.match(/\w{3}/);
    expect(answer.reason?.length).to.be.at.most(700);
    expect([answer.rows, answer.refused]).to.deep.equal([[], []]);
  }
  return answer.rows.map(({ kind, value, start }) => `${String(start)} ${kind} ${value}`);
}

for (const name of Object.keys(SOURCES) as SourceName[]) {
  describe(`An answer of ${name} with a fault`, () => {
    const { exchanges } = fixture(FIXTURES[name]);
    let server: ReplayServer;
    beforeEach(async () => (server = await ReplayServer.start()));
    afterEach(() => server.close().catch(() => undefined));

    /** Replaces one answer. */
    const answering = (which: number, response: Exchange["response"]): void => {
      server.next.clear();
      server.next.set(
        name,
        exchanges.map((exchange, index) => (index === which ? response : exchange.response)),
      );
    };

    it("is data, never an exception, and each row that is left says where it is from", async () => {
      const places = exchanges.flatMap(({ response: { json } }, which) =>
        json === undefined ? [] : placesOf(json).map((place) => ({ which, place })),
      );
      let unavailable = 0;

      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...places), wrong, async ({ which, place }, to) => {
          const { response } = exchanges[which] ?? { response: { status: 500, json: null } };
          answering(which, { ...response, json: changed(response.json, place, to) ?? null });

          if ((await rowsOf(name, server)).length === 0) unavailable += 1;
        }),
        { seed: 15, numRuns: 60 },
      );

      expect(unavailable).to.be.greaterThan(0);
    });

    it("gives no row for any JSON that is not of its form", async () => {
      await fc.assert(
        fc.asyncProperty(fc.jsonValue(), async (json) => {
          answering(0, { status: 200, json });

          expect(await rowsOf(name, server)).to.deep.equal([]);
        }),
        { seed: 15, numRuns: 20 },
      );
    });
  });
}
