import { expect } from "chai";
import { boundedText } from "../../../../lambda/evidence/sources/boundedBody.js";
import { retryAfterMs } from "../../../../lambda/evidence/sources/retryAfter.js";
import { SourceClient } from "../../../../lambda/evidence/sources/sourceClient.js";
import { OwnRateLimit } from "../../../../lambda/evidence/sources/rateLimit.js";
import { asked, PROTEIN, StillClock } from "./support/asking.js";

/** Asks the Proteins API, which first gives some answers. */
const variation = (...responses: readonly { status: number; headers?: Record<string, string> }[]) =>
  asked("variation", ["variation/entry"], { before: ({ next }) => next.set("variation", [...responses]) });

describe("The client of sources", () => {
  it("waits as long as Retry-After says, and asks again", async () => {
    const { answer, clock, server } = await variation({ status: 429, headers: { "Retry-After": "7" } });

    expect(answer.status).to.equal("ok");
    expect(server.seen).to.have.length(2);
    expect(clock.waits.reduce((sum, wait) => sum + wait, 0)).to.equal(7_000);
  });

  it("waits a little where the source does not say, and asks three times at most", async () => {
    const { answer, clock, server } = await variation({ status: 503 }, { status: 502 }, { status: 500 });

    expect(answer).to.include({ status: "unavailable", reason: "500: it has a fault" });
    expect(server.seen).to.have.length(3);
    expect(clock.waits).to.deep.equal([500, 2_000]);
  });

  it("does not wait for minutes: the source is unavailable until then", async () => {
    const { answer, clock, server } = await variation({ status: 503, headers: { "Retry-After": "600" } });

    expect(answer.reason).to.equal("503: it is not available, it can be asked again in 600 s");
    expect(server.seen).to.have.length(1);
    expect(clock.waits).to.deep.equal([]);
  });

  it("does not ask again for what another attempt does not change", async () => {
    const { answer, server } = await variation({ status: 403 });

    expect(answer.reason).to.equal("403: it does not allow the request");
    expect(server.seen).to.have.length(1);
  });

  it("names a connection that there is not", async () => {
    const environment = { EVIDENCE_VARIATION_URL: "http://127.0.0.1:9/x" };

    const { answer } = await asked("variation", [], { more: { environment } });

    expect(answer).to.include({ status: "unavailable" });
    expect(answer.reason).to.match(/^there is no connection( \(\w+\))?$/);
  });

  it("follows redirects within the host, and no others", async () => {
    const within = await variation({ status: 301, headers: { Location: "/variation/proteins/api/variation/P50613" } });
    const outside = await variation({ status: 302, headers: { Location: "https://other.example/x" } });
    const circle = { status: 302, headers: { Location: "/variation/y" } };
    const round = await variation(circle, circle, circle, circle);

    expect(within.answer.status).to.equal("ok");
    expect(outside.answer.reason).to.equal("its answer names an address at another host, which is not called");
    expect(round.answer.reason).to.equal("it redirects in a circle");
  });

  it("sends the contact of the operator, and the key for NCBI to NCBI only, and shows it nowhere", async () => {
    const more = { contact: "name@example.org", ncbiKey: () => Promise.resolve("secret-key-1") };
    const before = { more };

    const ncbi = await asked("clinvar", ["clinvar/gene"], before);
    const other = await asked("variation", ["variation/entry"], before);
    const refused = await asked("pubmed", [], {
      more,
      before: ({ next }) => next.set("pubmed", [{ status: 401 }]),
    });

    for (const { url } of ncbi.server.seen) expect(url).to.include("api_key=secret-key-1");
    for (const { url, body } of other.server.seen) expect(url + body).to.not.include("secret-key-1");
    expect(other.server.seen[0]?.headers["user-agent"]).to.include("name@example.org");
    expect(JSON.stringify([ncbi.answer, other.answer, refused.answer])).to.not.include("secret-key-1");
    // Ten requests a second instead of three.
    expect(ncbi.clock.waits).to.deep.equal([100, 100]);
  });

  it("does not send a request that has the sequence which is kept back", async () => {
    const clock = new StillClock();
    const client = new SourceClient({
      title: "any",
      hosts: ["https://search.rcsb.org"],
      rate: { bucket: "any", perSecond: 1, burst: 1 },
      limit: new OwnRateLimit(clock),
      keptBack: PROTEIN.sequence,
      deadline: clock.now() + 60_000,
      ...{ now: clock.now, sleep: clock.sleep },
    });
    const body = { parameters: { value: PROTEIN.sequence } };

    const error: unknown = await client
      .text({ url: "https://search.rcsb.org/x", body, missing: "" })
      .catch((one: unknown) => one);

    expect(error).to.include({ name: "SourceError", status: "unavailable" });
    expect((error as Error).message).to.not.include(PROTEIN.sequence);
  });

  it("has nothing to send after the deadline", async () => {
    const clock = new StillClock();
    const { answer, server } = await asked("variation", [], {
      more: {
        limit: { take: () => clock.sleep(0).then(() => undefined), hold: () => Promise.resolve() },
        now: () => clock.now() + 1e6,
      },
    });

    expect(answer.reason).to.equal("no time was left to ask it");
    expect(server.seen).to.deep.equal([]);
  });

  it("stops reading an answer that is too large", async () => {
    const response = new Response("x".repeat(1_001));

    const error: unknown = await boundedText(response, 1_000).catch((one: unknown) => one);

    expect(error).to.include({ name: "BodyTooLarge" });
    expect(await boundedText(new Response("é".repeat(500)), 1_000)).to.have.length(500);
    expect(await boundedText(new Response(null), 10)).to.equal("");
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-11-29T12:00:00Z");
  for (const [header, expected] of [
    ["120", 120_000],
    ["0.5", 500],
    [" 1 ", 1_000],
    ["Sun, 29 Nov 2026 12:01:00 GMT", 60_000],
    ["Sun, 29 Nov 2026 11:00:00 GMT", 0],
    ["-5", undefined],
    ["soon", undefined],
    ["", undefined],
    [null, undefined],
  ] as const) {
    it(`reads ${JSON.stringify(header)}`, () => {
      expect(retryAfterMs(header, now)).to.equal(expected);
    });
  }
});
