import { expect } from "chai";
import type { EvidenceRow, ResolvedProtein, SourceAnswer, SourceName } from "../../../../../contract/evidence.js";
import { NO_CACHE } from "../../../../../lambda/evidence/sources/answerCache.js";
import { askSource } from "../../../../../lambda/evidence/sources/askSource.js";
import { OwnRateLimit } from "../../../../../lambda/evidence/sources/rateLimit.js";
import type { AskServices } from "../../../../../lambda/evidence/sources/services.js";
import { SOURCE_TABLE } from "../../../../../lambda/evidence/sources/table.js";
import { fixture, ReplayServer } from "../../../../support/replay.js";

/** The sequence of the fixtures: CDK7 of humans. */
export const SEQUENCE = (
  fixture("uniprot/entry").exchanges[0]?.response.json as { readonly sequence: { readonly value: string } }
).sequence.value;

export const PROTEIN: ResolvedProtein = {
  accession: "P50613",
  gene: "CDK7",
  taxon: "9606",
  ensembl_gene: "ENSG00000134058",
  sequence: SEQUENCE,
};

/** Time that does not pass, except by waiting. */
export class StillClock {
  time = Date.parse("2026-11-29T12:00:00Z");
  readonly waits: number[] = [];
  readonly now = (): number => this.time;
  readonly sleep = (ms: number): Promise<void> => {
    this.waits.push(ms);
    this.time += ms;
    return Promise.resolve();
  };
}

/** Services without a table, with a clock that stands still. */
export function services(server: ReplayServer, clock = new StillClock()): AskServices {
  return {
    now: clock.now,
    sleep: clock.sleep,
    cache: NO_CACHE,
    limit: new OwnRateLimit(clock),
    ncbiKey: () => Promise.resolve(undefined),
    environment: server.environment,
  };
}

/** What one call of a source gave, and the requests that it sent. */
export interface Asked {
  readonly answer: SourceAnswer;
  readonly server: ReplayServer;
  readonly clock: StillClock;
}

/** Asks a source that answers with fixtures. */
export async function asked(
  name: SourceName,
  fixtures: readonly string[],
  {
    protein = PROTEIN,
    sharesSequence = false,
    before,
    more = {},
  }: {
    readonly protein?: ResolvedProtein;
    readonly sharesSequence?: boolean;
    readonly before?: (server: ReplayServer) => void;
    readonly more?: Partial<AskServices>;
  } = {},
): Promise<Asked> {
  const server = await ReplayServer.start(...fixtures);
  const clock = new StillClock();
  before?.(server);
  try {
    const options = { sharesSequence, deadline: clock.now() + 120_000 };
    const answer = await askSource(SOURCE_TABLE[name], protein, options, { ...services(server, clock), ...more });
    return { answer, server, clock };
  } finally {
    await server.close();
  }
}

/** Fails unless a row says where each of its values is from. */
export function expectProvenance(row: EvidenceRow): void {
  expect(Object.keys(SOURCE_TABLE)).to.include(row.source);
  expect(row.source_version, JSON.stringify(row)).to.match(/\S/);
  expect(new Date(row.retrieved_at).toISOString()).to.equal(row.retrieved_at);
  expect(row.url).to.match(/^https:\/\/[\w.-]+\/\S+$/);
  expect(row.licence).to.match(/\S/);
  expect(row.kind).to.match(/\S/);
  expect(row.value).to.match(/\S/);
  expect(row.start === undefined).to.equal(row.end === undefined);
}

/** Rows without what is the same in all of a source. */
export function short(rows: readonly EvidenceRow[]): unknown[] {
  return rows.map(({ start, end, variant, kind, value }) => [
    start === undefined ? "-" : start === end ? start : `${start}-${end}`,
    ...(variant === undefined ? [] : [variant]),
    kind,
    value,
  ]);
}
