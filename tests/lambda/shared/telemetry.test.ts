import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { HIDDEN } from "../../../lambda/shared/redaction.js";
import { effectsOf } from "../../support/effects.js";
import { awsError, failed, SEQUENCE, ToolsWorld } from "../support/world.js";

/** Any 6 consecutive residues can identify a protein. */
function expectNoResidues(logged: string, sequence: string): void {
  const upper = logged.toUpperCase();
  for (let start = 0; start + 6 <= sequence.length; start++) {
    expect(upper).not.to.include(sequence.slice(start, start + 6));
  }
}

describe("the log of the tools", () => {
  let world: ToolsWorld;

  beforeEach(() => {
    world = new ToolsWorld();
  });

  it("has a line for each submission with length, hash and the request's id", async () => {
    const { output_id: id } = await world.submit();

    const lines = world.logged.split("\n").filter((text) => text.startsWith("{"));
    const [line] = lines.map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(line).to.include({
      message: "Job submitted",
      output_id: id,
      sequence_length: 65,
      sequence_sha256: world.job(id).sequence_sha256,
      function_request_id: "11111111-2222-3333-4444-555555555555",
    });
  });

  it("has no residues of a job, whatever its outcome", async () => {
    const { output_id: id } = await world.submit({ sequence: `>P1 x\n${SEQUENCE.toLowerCase()}`, name: SEQUENCE });
    await world.results(id);
    world.write(id, "output", effectsOf(SEQUENCE));
    await world.results(id);
    await world.submit();
    world.write(id, "output", `{"sequence": "${SEQUENCE}", broken`);
    await world.call({ tool_name: "get_results", output_id: id });

    expect(world.logged).not.to.be.empty;
    expectNoResidues(world.logged, SEQUENCE);
  });

  it("has no residues of a refused call", async () => {
    for (const input of [
      { sequence: `${SEQUENCE}**` },
      { sequence: [SEQUENCE] },
      { sequence: SEQUENCE, scoring: SEQUENCE },
      { sequence: SEQUENCE, [SEQUENCE]: 1 },
      { sequence: SEQUENCE, variants: SEQUENCE },
      { sequence: SEQUENCE, positions: SEQUENCE },
    ]) {
      failed(await world.call({ tool_name: "invoke_endpoint", ...input }));
    }
    failed(await world.call({ tool_name: SEQUENCE }));
    failed(await world.call({ tool_name: "get_results", output_id: SEQUENCE }));

    expect(world.logged).to.include("INVALID_INPUT");
    expectNoResidues(world.logged, SEQUENCE);
  });

  it("has no residues if the message, stack or cause of an error quotes them", async () => {
    const quoting = new Error(`Unexpected token in "${SEQUENCE.slice(10, 30)}"...`, {
      cause: new Error(`body was ${SEQUENCE.toLowerCase()}`),
    });
    world.s3.on(PutObjectCommand).rejects(Object.assign(quoting, { body: SEQUENCE }));

    const answer = failed(await world.call({ tool_name: "invoke_endpoint", sequence: SEQUENCE }));

    expect(answer.error_code).to.equal("INTERNAL_ERROR");
    expect(world.logged).to.include(HIDDEN).and.include("Unexpected token");
    expectNoResidues(world.logged, SEQUENCE);
  });

  it("has the stack of an internal error; the answer has only the request's id", async () => {
    world.table.mock.on(GetCommand).rejects(awsError("ResourceNotFoundException", "no table jobs"));

    const answer = failed(await world.call({ tool_name: "invoke_endpoint", sequence: SEQUENCE }));

    expect(answer).to.deep.include({
      error_code: "INTERNAL_ERROR",
      details: { correlation_id: "11111111-2222-3333-4444-555555555555" },
    });
    expect(JSON.stringify(answer)).not.to.include("no table").and.not.include(".ts");
    expect(world.logged).to.include("no table jobs").and.include('"aws_request_id":"aws-request"');
  });
});
