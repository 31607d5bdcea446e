import { expect } from "chai";
import type { ErrorCode } from "../../../contract/errors.js";
import { failed, SEQUENCE, ToolsWorld } from "../support/world.js";

const MEGABYTE = 1_048_576;

describe("names and tags", () => {
  let world: ToolsWorld;

  beforeEach(() => {
    world = new ToolsWorld();
  });

  const unusual = [
    "../../etc/passwd",
    "a/b\\c",
    "TP53 (Mensch) \u00e4\u00f6\u00fc",
    "\u86cb\u767d\u8d28",
    "\ud83e\uddec",
    "%2e%2e",
    "__proto__",
    "' OR 1=1 --",
  ];
  for (const name of unusual) {
    it(`come back as they were sent: ${name}`, async () => {
      const { output_id: id, submission_id } = await world.submit({ sequence: SEQUENCE, name, tags: [name] });

      expect(await world.results(id, { submission_id })).to.include({ name });
      expect((await world.list({ tag: name })).jobs).to.have.length(1);
      expect([...world.objects.keys()].filter((key) => key.includes(name))).to.deep.equal([]);
    });
  }

  const refused: readonly (readonly [string, Record<string, unknown>, ErrorCode, string])[] = [
    ["a name with a line break", { name: "TP53\nhuman" }, "INVALID_INPUT", "control character"],
    ["a name with a terminal's escape", { name: "\u001b[31mTP53" }, "INVALID_INPUT", "control character"],
    ["a name with half a character", { name: "TP53 \ud83e" }, "INVALID_INPUT", "half of a character"],
    ["a tag with a line break", { tags: ["plate\n7"] }, "INVALID_TAG", "control characters"],
    ["a tag with half a character", { tags: ["\udd2c"] }, "INVALID_TAG", "is not a tag"],
    ["a name of 1 MB", { name: "n".repeat(MEGABYTE) }, "INVALID_INPUT", "a text of 1048576 characters"],
    ["a tag of 1 MB", { tags: ["t".repeat(MEGABYTE)] }, "INVALID_TAG", "1 to 64 characters"],
    [
      "100,000 tags",
      { tags: Array.from({ length: 100_000 }, (_, index) => `t${index}`) },
      "INVALID_TAG",
      "100000 tags",
    ],
  ];
  for (const [what, input, code, part] of refused) {
    it(`refuse ${what}, with nothing stored or started`, async () => {
      const answer = failed(await world.call({ tool_name: "invoke_endpoint", sequence: SEQUENCE, ...input }));

      expect(answer.error_code).to.equal(code);
      expect(answer.message).to.include(part);
      expect(answer.message.length).to.be.below(400);
      expect(world.untouched).to.be.true;
    });
  }

  it("take the first 256 characters of a FASTA header, and no half of one", async () => {
    const header = `${"n".repeat(255)}\ud83e\uddec${"n".repeat(MEGABYTE)}`;

    const { output_id: id, submission_id } = await world.submit({ sequence: `>${header}\n${SEQUENCE}` });

    expect(await world.results(id, { submission_id })).to.include({ name: "n".repeat(255) });
  });
});

describe("the id of a job of another stack", () => {
  it("is unknown to every tool, and starts nothing", async () => {
    const other = new ToolsWorld();
    const { output_id: id, submission_id } = await other.submit({ sequence: SEQUENCE, name: "theirs" });
    const world = new ToolsWorld();

    for (const tool_name of ["get_results", "cancel_job"]) {
      const answer = failed(await world.call({ tool_name, output_id: id }));
      expect(answer).to.include({ error_code: "UNKNOWN_JOB" });
      expect(answer.message).to.include(id);
    }
    expect(world.untouched).to.be.true;

    // The same protein is a job of this stack, but the submission stays that of the other.
    const own = await world.submit({ sequence: SEQUENCE });
    expect(await world.results(own.output_id, { submission_id })).not.to.have.property("name");
  });

  for (const id of ["label/00000000-0000-8000-8000-000000000000", "service-times/sha256:1111", "x".repeat(MEGABYTE)]) {
    it(`is not the key of another item of the ledger: ${id.slice(0, 40)}`, async () => {
      const answer = failed(await new ToolsWorld().call({ tool_name: "get_results", output_id: id }));

      expect(answer).to.include({ error_code: "INVALID_OUTPUT_ID" });
      expect(answer.message.length).to.be.below(200);
    });
  }
});
