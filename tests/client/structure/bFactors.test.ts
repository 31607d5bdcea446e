import { expect } from "chai";
import { DataError } from "../../../client/dataError.js";
import { withBFactors } from "../../../client/structure/bFactors.js";
import { readStructure } from "../../../client/structure/structure.js";
import { THREE_LETTER } from "../../../contract/aminoAcids.js";
import type { VariantEffects } from "../../../contract/result.js";
import { effectsOf } from "../../support/effects.js";

const SEQUENCE = "MKTAYIAKQRQISFVK";
const result: VariantEffects = {
  ...effectsOf(SEQUENCE),
  sensitivity: Array.from(SEQUENCE, (_, column) => -column / 2),
};

interface Residue {
  readonly name: string;
  readonly number: number;
  readonly code?: string;
}

const residuesOf = (letters: string, first = 1): Residue[] =>
  Array.from(letters, (letter, index) => ({
    name: letter === "m" ? "MSE" : (THREE_LETTER[letter] ?? "").toUpperCase(),
    number: first + index,
  }));

/** Lines of a PDB file: two atoms a residue, each with a B-factor of 20. */
function pdb(chain: string, residues: readonly Residue[]): string[] {
  return residues.flatMap(({ name, number, code = "" }) =>
    ["N", "CA"].map(
      (atom, index) =>
        `${name === "MSE" || name === "HOH" ? "HETATM" : "ATOM  "}${`${number * 2 + index}`.padStart(5)}  ${atom.padEnd(3)} ${name} ${chain}${`${number}`.padStart(4)}${code.padEnd(4)}` +
        `${"11.104".padStart(8)}${"6.134".padStart(8)}${"-6.504".padStart(8)}  1.00 20.00          ${atom.charAt(0).padStart(2)}`,
    ),
  );
}

const MMCIF_COLUMNS = [
  ..."group_PDB id type_symbol label_atom_id label_alt_id label_comp_id label_asym_id label_seq_id".split(" "),
  ..."pdbx_PDB_ins_code Cartn_x B_iso_or_equiv auth_seq_id auth_asym_id pdbx_PDB_model_num".split(" "),
];

function mmcif(chain: string, residues: readonly Residue[]): string[] {
  const rows = residues.map(
    ({ name, number }) =>
      `ATOM ${number} O "O5'" . ${name} ${chain.toLowerCase()} ${number} ? 11.104 20.00 ${number} ${chain} 1 `,
  );
  return [
    "data_TEST",
    "#",
    "loop_",
    ...MMCIF_COLUMNS.map((name) => `_atom_site.${name} `),
    ...rows,
    "#",
    "loop_",
    "_other.id",
    "1",
  ];
}

const bFactors = (text: string): string[] =>
  text.split("\n").flatMap((line) => (/^(ATOM|HETATM)/.test(line) ? [line.slice(60, 66).trim()] : []));

describe("B-factors", () => {
  it("are the mean llr of the position, in all atoms of the residue, and nothing else of the file changes", () => {
    const lines = ["HEADER    TEST", ...pdb("A", residuesOf(SEQUENCE)), "END", ""];
    const { text, chains, bound } = withBFactors(readStructure(lines.join("\n")), result);
    expect(bFactors(text)).to.deep.equal(
      Array.from(SEQUENCE, (_, column) => (-column / 2).toFixed(2).replace("-0.00", "0.00")).flatMap((b) => [b, b]),
    );
    expect(text.split("\n").map((line) => line.slice(0, 60) + line.slice(66))).to.deep.equal(
      lines.map((line) => line.slice(0, 60) + line.slice(66)),
    );
    expect(chains).to.deep.equal([{ chain: "A", residues: 16, aligned: 16, identity: 1, mismatches: [] }]);
    expect(bound).to.equal(7.5);
  });

  it("follow the alignment, not the numbers of the file, into all copies of the protein and no other chain or ligand", () => {
    const lines = [
      ...pdb("A", residuesOf(SEQUENCE.slice(4), 105)),
      ...pdb("B", residuesOf(`m${SEQUENCE.slice(1)}`)),
      ...pdb("C", residuesOf("WWWWHHHHWWWW")),
      ...pdb("A", [{ name: "HOH", number: 900 }]),
    ];
    const { text, chains } = withBFactors(readStructure(lines.join("\n")), result);
    expect(chains.map(({ chain, aligned }) => `${chain} ${aligned}`)).to.deep.equal(["A 12", "B 16"]);
    const written = bFactors(text);
    expect(written[0]).to.equal("-2.00");
    expect(written.slice(-26).every((b) => b === "0.00")).to.equal(true);
  });

  it("report residues that differ from the protein, in the caller's numbering", () => {
    const lines = pdb("A", residuesOf(SEQUENCE.replace("Q", "E")));
    const { chains } = withBFactors(readStructure(lines.join("\n")), { ...result, numbering_offset: 10 });
    expect(chains[0]?.mismatches).to.deep.equal(["GLU 9 is p.Gln19"]);
  });

  it("tell residues with insertion codes apart", () => {
    const residues = residuesOf(SEQUENCE).map((residue, index) =>
      index === 1 ? { ...residue, number: 1, code: "A" } : residue,
    );
    const { chains } = withBFactors(readStructure(pdb("A", residues).join("\n")), result);
    expect(chains[0]).to.include({ residues: 16, aligned: 16, identity: 1 });
  });

  it("are written into mmCIF too, in place", () => {
    const lines = mmcif("A", residuesOf(SEQUENCE));
    const { text, chains } = withBFactors(readStructure(lines.join("\n")), result);
    expect(chains[0]).to.include({ chain: "A", aligned: 16, identity: 1 });
    expect(text).to.equal(
      lines
        .map((line) => {
          const position = /^ATOM (\d+)/.exec(line)?.[1];
          return position === undefined
            ? line
            : line.replace("20.00", ((1 - Number(position)) / 2).toFixed(2).replace("-0.00", "0.00"));
        })
        .join("\n"),
    );
  });

  it("go into a chain that is named, however much of it differs", () => {
    const structure = readStructure(pdb("A", residuesOf("MKTAYIWWWWWWWWWW")).join("\n"));
    expect(() => withBFactors(structure, result)).to.throw(DataError, /A: .* aligned.*--chain/);
    expect(withBFactors(structure, result, "A").chains[0]?.aligned).to.equal(6);
    expect(() => withBFactors(structure, result, "Z")).to.throw(DataError, /no protein chain 'Z'; it has A/);
  });

  for (const [what, text, reason] of [
    ["a text that is no structure", "MKT", /no PDB or mmCIF file/],
    ["a structure without a protein", pdb("A", [{ name: "HOH", number: 1 }]).join("\n"), /has no protein/],
    [
      "mmCIF without B-factors",
      "_atom_site.auth_asym_id\n_atom_site.auth_seq_id\n_atom_site.label_comp_id\n#\n",
      /B_iso_or_equiv/,
    ],
    [
      "a row of mmCIF that is cut",
      mmcif("A", residuesOf("MK")).join("\n").replace(" A 1 ", ""),
      /line \d+ of the mmCIF file has 12 values for 14/,
    ],
  ] as const) {
    it(`are not written into ${what}`, () => {
      expect(() => readStructure(text)).to.throw(DataError, reason);
    });
  }
});
