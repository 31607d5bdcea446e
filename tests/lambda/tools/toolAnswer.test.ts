import { expect } from "chai";
import fc from "fast-check";
import { MAX_ERROR_BYTES } from "../../../contract/limits.js";
import { effectsOf } from "../../support/effects.js";
import { SEQUENCE, ToolsWorld } from "../support/world.js";

/** Characters that JSON writes with one byte, with several, or as an escape, and those with a meaning in sequences. */
const character = fc.oneof(
  fc.constantFrom("M", "K", "X", "*", "-", "7", ">", "\n", " ", '"', "\\", "\u0001", "\u00e9", "\ud83e", "\u{1F9EC}"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
);

/** Texts of up to some 20 kB: any characters, or a few repeated. */
const text = fc.oneof(
  fc.string({ unit: character, maxLength: 300 }),
  fc
    .tuple(fc.string({ unit: character, minLength: 1, maxLength: 20 }), fc.nat({ max: 1_000 }))
    .map(([part, times]) => part.repeat(times)),
);

const variant = fc.oneof(
  text,
  fc.constantFrom("K2A", "M1A;K2A", "p.Lys2fs", "K2X", "W999999999Y", "W-999999999Y", "p.[Trp1Ala;Trp2Ala;Trp3Ala]"),
);
const variants = fc.oneof(
  text,
  fc.array(variant, { maxLength: 50 }),
  variant.map((same) => Array.from({ length: 100 }, (_, index) => `${same}${index}`)),
);
const positions = fc.oneof(
  text,
  fc.constantFrom("5-3", "9".repeat(9), `5${" ".repeat(10_000)}-3`, `1${" ".repeat(10_000)}-99`),
);

/** Values of no type that a tool expects. */
const other = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.double(),
  text.map((deep) => ({ [deep]: { [deep]: [deep] } })),
);

/** Some of the arguments, with suitable and unsuitable values, and up to 30 unknown ones. */
function input(fields: Record<string, fc.Arbitrary<unknown>>) {
  const known = fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, fc.oneof({ weight: 4, arbitrary: value }, other)]),
    ),
    { requiredKeys: [] },
  );
  const unknown = fc.dictionary(text, other, { maxKeys: 30 });
  return fc.oneof(
    known,
    fc.tuple(unknown, known).map(([some, more]) => ({ ...some, ...more })),
  );
}

const offset = fc.oneof(fc.integer({ min: -1_000_000, max: 1_000_000 }), text);

const submissions = input({
  sequence: fc.oneof(
    text,
    fc.constant(SEQUENCE),
    fc.constantFrom("X", "A").map((residue) => residue.repeat(10_001)),
  ),
  name: text,
  scoring: text,
  variants,
  positions,
  joint: other,
  numbering_offset: offset,
});

const queries = (id: string) =>
  input({ output_id: fc.oneof(text, fc.constant(id)), detail: text, top: offset, positions, variants });

describe("the answer of a call that is refused", () => {
  const world = new ToolsWorld();
  let id: string;

  before(async () => {
    id = (await world.submit({ sequence: SEQUENCE, numbering_offset: -999_000 })).output_id;
    world.write(id, "output", { ...effectsOf(SEQUENCE), numbering_offset: -999_000 });
  });

  async function expectSmall(event: unknown): Promise<void> {
    const answer = await world.call(event);
    if (answer.success) return;
    expect(Buffer.byteLength(JSON.stringify(answer))).to.be.at.most(MAX_ERROR_BYTES);
    expect(answer.error_code).not.to.equal("INTERNAL_ERROR");
  }

  it("is under 2 kB, whatever is submitted", async () => {
    await fc.assert(fc.asyncProperty(submissions, (some) => expectSmall({ tool_name: "invoke_endpoint", ...some })));
  });

  it("is under 2 kB, whatever results are asked for", async () => {
    await fc.assert(fc.asyncProperty(queries(id), (some) => expectSmall({ tool_name: "get_results", ...some })));
  });

  it("is under 2 kB, whatever the event is and the tool is called", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          other,
          text.map((tool_name) => ({ tool_name })),
        ),
        expectSmall,
      ),
    );
  });

  it("is under 2 kB for 10,000 variants that cannot be read", async () => {
    const unreadable = Array.from({ length: 10_000 }, (_, index) => `p.Sec${index}Ala`);

    await expectSmall({ tool_name: "invoke_endpoint", sequence: SEQUENCE, variants: unreadable });
  });

  for (const [what, sequence] of [
    [
      "all characters of Unicode's basic plane",
      Array.from({ length: 9_000 }, (_, i) => String.fromCharCode(0x1000 + i)).join(""),
    ],
    ["half surrogate pairs", Array.from({ length: 1_000 }, (_, i) => `${String.fromCharCode(0xd800 + i)}M`).join("")],
  ] as const) {
    it(`is under 2 kB for a sequence of ${what}`, async () => {
      await expectSmall({ tool_name: "invoke_endpoint", sequence });
    });
  }
});
