import { expect } from "chai";
import { ERROR_CODES, type ErrorCode } from "../../../../contract/errors.js";
import { HTTP_STATUS } from "../../../../contract/httpApi.js";
import type { HttpRequest } from "../../../../lambda/shared/httpEvent.js";
import { effectsOf } from "../../../support/effects.js";
import { SEQUENCE, ToolsWorld, jobEnvironment, awsError } from "../../support/world.js";

/** A request as API Gateway passes it on. */
function request(httpMethod: string, resource: string, more: Partial<HttpRequest> = {}): HttpRequest {
  const path = `/v1${resource.replace(/\{\w+\}/, Object.values(more.pathParameters ?? {})[0] ?? "")}`;
  return {
    httpMethod,
    resource,
    headers: {},
    body: null,
    isBase64Encoded: false,
    pathParameters: null,
    queryStringParameters: null,
    requestContext: { path },
    ...more,
  };
}

function bodyOf({ body }: { body: string }): Record<string, unknown> {
  return JSON.parse(body) as Record<string, unknown>;
}

describe("the HTTP API", () => {
  let world: ToolsWorld;
  beforeEach(() => {
    world = new ToolsWorld(jobEnvironment(), { origins: ["https://lab.example.org"] });
  });

  const post = (body: string, more: Partial<HttpRequest> = {}) =>
    world.request(request("POST", "/predictions", { body, ...more }));
  const get = (resource: string, id: string, query: Record<string, string> | null = null) =>
    world.request(request("GET", resource, { pathParameters: { output_id: id }, queryStringParameters: query }));

  it("accepts a protein with 202, its address and when to ask, and is the same job twice", async () => {
    const first = await post(JSON.stringify({ sequence: SEQUENCE }));
    const second = await post(Buffer.from(JSON.stringify({ sequence: SEQUENCE })).toString("base64"), {
      isBase64Encoded: true,
    });

    const { output_id: id } = bodyOf(first)["data"] as { output_id: string };
    expect(first.statusCode).to.equal(202);
    expect(first.headers).to.include({ Location: `/v1/predictions/${id}`, "Cache-Control": "no-store" });
    expect(first.headers?.["Retry-After"]).to.be.a("number").that.is.greaterThan(0);
    expect((bodyOf(second)["data"] as { output_id: string }).output_id).to.equal(id);
    expect(world.invocations).to.equal(1);
  });

  it("gives the result of a completed job alone, which can be cached, and the state of every other", async () => {
    const { output_id: id } = await world.submit();
    const early = await get("/predictions/{output_id}/result", id);
    const state = await get("/predictions/{output_id}", id);
    world.write(id, "output", effectsOf(SEQUENCE));
    const completed = await get("/predictions/{output_id}/result", id, { top: "3" });

    expect(early.statusCode).to.equal(409);
    expect(bodyOf(early)).to.include({ success: false, error_code: "NO_RESULT" });
    expect(early.headers).to.include.keys("Retry-After");
    expect(early.headers).to.include({ "Cache-Control": "no-store" });
    expect(state.statusCode).to.equal(200);
    expect(state.headers).to.include({ "Cache-Control": "no-store" });
    expect(completed.statusCode).to.equal(200);
    expect(completed.headers).to.include({ "Cache-Control": "private, max-age=300" });
    expect(completed.headers).to.not.have.property("Retry-After");
    const { results } = bodyOf(completed)["data"] as { results: { best: unknown[]; links: object } };
    expect(results.best).to.have.length(3);
    expect(results.links).to.have.property("download_url");
  });

  it("answers a job that ended without a result with 409 and why, and not when to ask again", async () => {
    const { output_id: id } = await world.submit();
    await world.cancel(id);

    const { statusCode, headers, body } = await get("/predictions/{output_id}/result", id);

    expect(statusCode).to.equal(409);
    expect(headers).to.not.have.property("Retry-After");
    expect(body).to.include("cancelled");
  });

  for (const [what, body] of [
    ["no body", ""],
    ["no JSON", `{"sequence": "${SEQUENCE}"`],
    ["a list", "[1]"],
    ["null", "null"],
    ["a wrong name", JSON.stringify({ sequenze: SEQUENCE })],
    ["the name of a tool", JSON.stringify({ sequence: SEQUENCE, tool_name: "cancel_job" })],
  ] as const) {
    it(`refuses ${what} with 400, and starts nothing`, async () => {
      const response = await post(body);

      expect(response.statusCode).to.equal(400);
      expect(bodyOf(response)).to.include({ success: false, error_code: "INVALID_INPUT" });
      expect(world.untouched).to.equal(true);
      expect(world.logged).to.not.include(SEQUENCE);
    });
  }

  for (const [resource, query, expected] of [
    ["/predictions/{output_id}", { top: "many" }, 400],
    ["/predictions/{output_id}", { top: "99" }, 400],
    ["/predictions/{output_id}", { detail: "full" }, 400],
    ["/predictions/{output_id}/result", { submission_id: "1" }, 400],
    ["/predictions/{output_id}", { top: "5", positions: "1-3" }, 200],
  ] as const) {
    it(`answers ${resource} with ${JSON.stringify(query)} with ${expected}`, async () => {
      const { output_id: id } = await world.submit();

      expect((await get(resource, id, query)).statusCode).to.equal(expected);
    });
  }

  it("names the parameter that a mistyped one may mean, in the words of the tools", async () => {
    const { body } = await get("/predictions/{output_id}", "00000000-0000-5000-8000-000000000000", { Top: "5" });

    expect(bodyOf({ body })["message"]).to.equal("There is no argument 'Top'; did you mean 'top'?");
  });

  for (const [id, expected] of [
    ["00000000-0000-5000-8000-000000000000", 404],
    ["not-an-id", 400],
  ] as const) {
    it(`answers the id ${id} with ${expected}`, async () => {
      expect((await get("/predictions/{output_id}", id)).statusCode).to.equal(expected);
    });
  }

  it("answers 503 with a time to wait while AWS is busy, and 404 for a method that it does not have", async () => {
    world.refusal = awsError("ThrottlingException", "Rate exceeded", 429);
    const busy = await post(JSON.stringify({ sequence: SEQUENCE }));
    const unknown = await world.request(request("PUT", "/predictions"));

    if (busy.statusCode !== 202) expect(busy.headers).to.include.keys("Retry-After");
    expect(unknown.statusCode).to.equal(404);
  });

  it("names the origin of a page only if it is configured", async () => {
    const own = await post("{}", { headers: { Origin: "https://lab.example.org" } });
    const other = await post("{}", { headers: { origin: "https://other.example.org" } });

    expect(own.headers).to.include({ "Access-Control-Allow-Origin": "https://lab.example.org", Vary: "Origin" });
    expect(other.headers).to.not.have.property("Access-Control-Allow-Origin");
  });

  it("has a status for each error: 5xx for those alone that the caller cannot fix", () => {
    const operators: ErrorCode[] = [
      "ALIGNER_MISSING",
      "BUDGET_EXCEEDED",
      "NO_ACTIVE_MODEL",
      "ENDPOINT_UNAVAILABLE",
      "ACCESS_DENIED",
      "SERVICE_BUSY",
      "RESULT_UNREADABLE",
      "INTERNAL_ERROR",
    ];

    expect(Object.keys(HTTP_STATUS)).to.have.members(Object.keys(ERROR_CODES));
    for (const [code, status] of Object.entries(HTTP_STATUS)) {
      expect(status >= 500, code).to.equal(operators.includes(code as ErrorCode));
    }
  });
});
