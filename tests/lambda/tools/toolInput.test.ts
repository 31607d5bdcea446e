import { expect } from "chai";
import type { ErrorCode } from "../../../contract/errors.js";
import { failed, SEQUENCE, ToolsWorld } from "../support/world.js";

describe("invalid input", () => {
  let world: ToolsWorld;

  beforeEach(() => {
    world = new ToolsWorld();
  });

  async function refused(input: Record<string, unknown>) {
    return failed(await world.call({ tool_name: "invoke_endpoint", ...input }));
  }

  const sequences: readonly (readonly [string, string, ErrorCode, string])[] = [
    ["an empty sequence", "", "EMPTY_SEQUENCE", "1 to 10000 residues"],
    ["only white space", " \n\t ", "EMPTY_SEQUENCE", "empty"],
    ["only a FASTA header", ">P12345\n", "EMPTY_SEQUENCE", "one FASTA header"],
    ["10,001 residues", "A".repeat(10_001), "SEQUENCE_TOO_LONG", "10001 residues, the maximum is 10000"],
    ["two FASTA records", ">a\nMKT\n>b\nMKV", "MULTIPLE_SEQUENCES", "2 FASTA records"],
    ["residues before a header", "MKT\n>b\nMKV", "MULTIPLE_SEQUENCES", "before a FASTA header"],
    ["binary data", "\u0000\u0001MKT\ufffd", "NOT_TEXT", "binary data"],
    ["digits", "MKT10", "INVALID_RESIDUE", "remove line numbers"],
    ["a letter whose upper case is two residues", "MK\u00dfT", "INVALID_RESIDUE", "'\u00df' at position 3"],
    ...Object.entries({ B: "Asp or Asn", J: "Leu or Ile", O: "pyrrolysine", U: "selenocysteine" }).map(
      ([residue, reason]) => [residue, `MK${residue}T`, "INVALID_RESIDUE", `${residue} is ${reason}`] as const,
    ),
    ["X", "MKXT", "INVALID_RESIDUE", "'X' at position 3"],
    ["z", "mkzt", "INVALID_RESIDUE", "'Z' at position 3"],
    ["a stop inside", "MK*T", "INVALID_RESIDUE", "stop codon"],
    ["an accession", "P01308", "INVALID_RESIDUE", "is a UniProt accession, not a sequence"],
    ["DNA", "ACGTACGTACGTACGTACGTACGTACGTAN", "DNA_SEQUENCE", "30 letters, only A, C, G, T or N"],
    ["many unknown residues", "X".repeat(50), "INVALID_RESIDUE", "and 45 more"],
  ];
  for (const [what, sequence, code, part] of sequences) {
    it(`${what}: ${code}, with nothing stored or started`, async () => {
      const answer = await refused({ sequence });

      expect(answer.error_code).to.equal(code);
      expect(answer.message).to.include(part);
      expect(answer.errors).to.have.length(1);
      expect(answer.errors?.[0]).to.include({ error_code: code, argument: "sequence" });
      expect(world.untouched).to.be.true;
    });
  }

  const inputs: readonly (readonly [string, Record<string, unknown>, ErrorCode, string])[] = [
    ["no sequence", {}, "INVALID_INPUT", "'sequence' is missing"],
    ["null for a sequence", { sequence: null }, "INVALID_INPUT", "'sequence' takes a text"],
    ["a number for a sequence", { sequence: 42 }, "INVALID_INPUT", "the number 42"],
    ["an unknown scoring", { sequence: "MKT", scoring: "fast" }, "INVALID_INPUT", "masked-marginals"],
    ["an unknown argument", { sequence: "MKT", varients: "K2A" }, "INVALID_INPUT", "did you mean 'variants'?"],
    [
      "a text for joint",
      { sequence: "MKT", joint: "true" },
      "INVALID_INPUT",
      "'joint' takes true or false (whether to mask all sites of a multiple mutant together), got the text 'true'",
    ],
    [
      "a text for an offset",
      { sequence: "MKT", numbering_offset: "10" },
      "INVALID_INPUT",
      "'numbering_offset' takes a whole number from -1000000 to 1000000",
    ],
    [
      "a number for variants",
      { sequence: "MKT", variants: 10 },
      "INVALID_INPUT",
      "'variants' takes a text or a list of texts",
    ],
    ["a text for tags", { sequence: "MKT", tags: "a" }, "INVALID_INPUT", "'tags' takes a list of texts"],
    [
      "an offset that is not a whole number",
      { sequence: "MKT", numbering_offset: 1.5 },
      "INVALID_INPUT",
      "numbering_offset",
    ],
    ["an offset beyond a million", { sequence: "MKT", numbering_offset: 1e7 }, "INVALID_INPUT", "numbering_offset"],
    [
      "joint without masks",
      { sequence: "MKT", joint: true, scoring: "wt-marginals" },
      "INVALID_INPUT",
      "masks no sites",
    ],
    ["no variant in a list", { sequence: "MKT", variants: [] }, "INVALID_VARIANT", "no variant"],
    ["too many variants", { sequence: "MKT", variants: "K2A,".repeat(10_001) }, "INVALID_VARIANT", "10001 variants"],
    ["a frameshift", { sequence: "MKT", variants: "p.Lys2fs" }, "INVALID_VARIANT", "a frameshift"],
    ["a wrong wild type", { sequence: "MKT", variants: "M2A" }, "WILD_TYPE_MISMATCH", "position 2 is Lys (K)"],
    ["a variant far outside", { sequence: "MKT", variants: "K99999999999999A" }, "INVALID_VARIANT", "cannot be read"],
    ["positions outside", { sequence: "MKT", positions: "2-9" }, "INVALID_POSITIONS", "1 to 3"],
    ["positions without a number", { sequence: "MKT", positions: "," }, "INVALID_POSITIONS", "name no position"],
    [
      "a name that is too long",
      { sequence: "MKT", name: "n".repeat(257) },
      "INVALID_INPUT",
      "a text of 257 characters",
    ],
  ];
  for (const [what, input, code, part] of inputs) {
    it(`${what}: ${code}, with nothing stored or started`, async () => {
      const answer = await refused(input);

      expect(answer.error_code).to.equal(code);
      expect(answer.message).to.include(part);
      expect(world.untouched).to.be.true;
    });
  }

  it("takes null or an empty text for an optional argument as absent", async () => {
    const plain = await world.submit({ sequence: "MKT" });
    for (const empty of [null, ""]) {
      const given = {
        ...{ name: empty, tags: empty, scoring: empty, variants: empty, positions: empty, joint: empty },
        ...{ numbering_offset: empty, allow_dna_letters: empty },
      };
      expect((await world.submit({ sequence: "MKT", ...given })).output_id).to.equal(plain.output_id);
      expect(
        (await world.results(plain.output_id, { submission_id: empty, detail: empty, top: empty })).status,
      ).to.equal("in_progress");
    }
    expect((await refused({ sequence: "MKT", varients: null })).message).to.include("did you mean 'variants'?");
  });

  it("drops a stop codon at the end with a note, and gives the job of the sequence without it", async () => {
    const plain = await world.submit({ sequence: "MKT" });
    const stopped = await world.submit({ sequence: "MKT*" });

    expect(plain).to.not.have.property("notes");
    expect(stopped).to.include({ output_id: plain.output_id, sequence_length: 3 });
    expect(stopped.notes?.join()).to.include("stop codon");
  });

  it("takes DNA letters as a protein only where the caller says so, or where they are too few to tell", async () => {
    const sequence = "ACGT".repeat(10);
    const allowed = await world.submit({ sequence, allow_dna_letters: true });
    const short = await world.submit({ sequence: sequence.slice(0, 29) });

    expect(allowed.notes?.join()).to.include("allow_dna_letters says that it is a protein");
    expect(short).to.not.have.property("notes");
    expect((await refused({ sequence, allow_dna_letters: false })).error_code).to.equal("DNA_SEQUENCE");
  });

  it("reports all faults at once, each with its argument", async () => {
    const answer = await refused({ sequence: "MKX", scoring: "fast", variants: "K2A,K2fs", sequnce: "MKT" });

    expect(answer.errors?.map(({ argument, error_code }) => `${argument ?? ""} ${error_code}`)).to.have.members([
      "sequnce INVALID_INPUT",
      "scoring INVALID_INPUT",
      "sequence INVALID_RESIDUE",
      "variants INVALID_VARIANT",
    ]);
    expect(answer.message).to.include("The first of 4 faults");
  });

  it("lists the first faults, and says how many there are", async () => {
    const answer = await refused({ sequence: "MKT", variants: Array.from({ length: 500 }, (_, i) => `K${i}fs`) });

    expect(answer.errors?.length).to.be.within(5, 20);
    expect(answer.details).to.deep.equal({ faults: 500, listed: answer.errors?.length });
  });

  it("suggests the numbering offset with which all variants match", async () => {
    const answer = await refused({ sequence: SEQUENCE, variants: "K12A,T13A,V14A,R15A" });

    expect(answer.error_code).to.equal("WILD_TYPE_MISMATCH");
    expect(answer.details).to.include({ numbering_offset: 10 });
  });

  it("names the first unknown arguments, and says how many there are", async () => {
    const answer = await refused({ sequence: "MKT", a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 });

    expect(answer.errors?.map(({ argument }) => argument)).to.deep.equal(["a", "b", "c", "d", "e", "f"]);
    expect(answer.errors?.at(-1)?.message).to.equal("There are 7 unknown arguments.");
  });
});
