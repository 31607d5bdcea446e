import { expect } from "chai";
import { shardKey, type ShardRecord } from "../../../contract/scan.js";
import { cutShards } from "../../../lambda/scan/cutShards.js";
import { concurrencyOf } from "../../../lambda/scan/planScan.js";
import { fileOf, KEY, protein, ScanWorld } from "./support/scanWorld.js";

/** The records of each shard of a file. */
async function cut(text: string): Promise<readonly ShardRecord[][]> {
  const world = new ScanWorld();
  world.upload(text);
  const planned = await world.plan();
  return world.shards(planned).map((shard) => JSON.parse(world.text(shardKey(shard)) ?? "[]") as ShardRecord[]);
}

function sizes(shards: readonly ShardRecord[][]): number[] {
  return shards.map(({ length }) => length);
}

describe("the plan of a scan", () => {
  for (const [count, expected] of [
    [1, [1]],
    [50, [50]],
    [51, [50, 1]],
    [101, [50, 50, 1]],
  ] as const) {
    it(`cuts ${count} proteins into shards of ${expected.join(", ")}`, async () => {
      expect(sizes(await cut(fileOf(count)))).to.deep.equal(expected);
    });
  }

  it("begins another shard before 25,000 residues are passed, not when they are reached", async () => {
    const of = (length: number, name: string): string => `>${name}\n${"M".repeat(length)}\n`;

    const exactly = Array.from({ length: 25 }, (_, index) => of(1_000, `p${index}`)).join("");
    expect(sizes(await cut(exactly))).to.deep.equal([25]);
    expect(sizes(await cut(`${exactly}>one\nM\n`))).to.deep.equal([25, 1]);
  });

  it("keeps records that can never be jobs, with their reasons, and goes on with the rest", async () => {
    const shards = await cut(`>bad\nMKB\n>long\n${"M".repeat(10_001)}\n>empty\n\n>good\n${protein(0)}\n`);

    expect(
      shards.flat().map((record) => [record.record, "error" in record ? record.error.code : record.sequence]),
    ).to.deep.equal([
      [1, "INVALID_RESIDUE"],
      [2, "SEQUENCE_TOO_LONG"],
      [3, "EMPTY_SEQUENCE"],
      [4, protein(0)],
    ]);
  });

  it("refuses a protein that takes the model too long", async () => {
    async function* records() {
      yield await Promise.resolve({ index: 0, line: 1, sequence: "MK".repeat(2_000) });
    }
    const [shard] = [await cutShards(records(), 60).next()];

    expect(shard.value).to.have.nested.property("[0].error.code", "JOB_TOO_LONG");
  });

  it("gives the same shards for the same file again, and others for another content", async () => {
    const world = new ScanWorld();
    world.upload(fileOf(60));
    const first = await world.plan();
    const written = new Map(world.objects);

    expect(await world.plan()).to.deep.equal(first);
    expect([...world.objects]).to.deep.equal([...written]);
    world.upload(fileOf(61));
    expect((await world.plan()).scan).to.not.equal(first.scan);
  });

  it("starts nothing, and tolerates a tenth of the shards", async () => {
    const world = new ScanWorld();
    world.upload(fileOf(551));

    const planned = await world.plan();

    expect([world.invocations, world.table.items.size]).to.deep.equal([0, 0]);
    expect(planned).to.include({ tolerated: 2, list: `scans/${planned.scan}/shards.json` });
    expect(world.logged).to.not.include(protein(7));
  });

  for (const [what, text, key, code] of [
    ["an empty file", "\n", KEY, "EMPTY_FILE"],
    ["a file that does not exist", undefined, KEY, "FILE_UNREADABLE"],
    ["a file elsewhere", fileOf(1), "results/a.fasta", "INVALID_INPUT"],
  ] as const) {
    it(`refuses ${what}, and starts nothing`, async () => {
      const world = new ScanWorld();
      if (text !== undefined) world.upload(text, key);

      const error: unknown = await world.plan(key).catch((refused: unknown) => refused);

      expect(error).to.include({ name: "InputError", code });
      expect(world.table.items.size).to.equal(0);
    });
  }
});

describe("the number of shards at a time", () => {
  it("is what half of the queue holds: by work, or by jobs, and at least one", () => {
    expect(concurrencyOf([1, 1], 20)).to.equal(10);
    expect(concurrencyOf([100, 1_080], 2)).to.equal(10);
    expect(concurrencyOf([100, 1_080], 1)).to.equal(5);
    expect(concurrencyOf([100_000], 1)).to.equal(1);
    expect(concurrencyOf([], 1)).to.equal(10);
  });
});
