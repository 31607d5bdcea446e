import { createHash } from "node:crypto";
import { AMINO_ACIDS } from "../../contract/aminoAcids.js";
import { figure, type Figure } from "./figure.js";
import { startCannedAws, type CannedAws } from "./cannedAws.js";
import { callOnce, unpackTools } from "./toolsFunction.js";

const RESIDUES = 2_000;
const OUTPUT_ID = "00000000-0000-8000-8000-000000000000";
const OUTPUT_KEY = "async-inference-output/00000000-1111-2222-3333-444444444444.out";

/** Bytes of the whole answer of get_results for a protein of 2,000 residues: the summary, and the full matrix. */
export async function summaryFigures(): Promise<Figure[]> {
  const aws = await startCannedAws();
  const tools = await unpackTools();
  const answerBytes = async (detail: "summary" | "full"): Promise<number> => {
    const event = { tool_name: "get_results", output_id: OUTPUT_ID, detail };
    return Buffer.byteLength(JSON.stringify(await callOnce(tools, tools.file, event, aws.endpointUrl)));
  };
  try {
    storeResult(aws);
    const summary = await answerBytes("summary");
    const full = await answerBytes("full");
    const what = `${RESIDUES.toLocaleString("en")}-residue result`;
    return [
      figure(`summary of a ${what}, the whole answer`, summary / 1e3, "kB", "<= 8"),
      figure(`full matrix of a ${what}, the whole answer`, full / 1e3, "kB", null),
    ];
  } finally {
    tools.remove();
    await aws.stop();
  }
}

/** A finished job and its result, as the job ledger and the model container store them. */
function storeResult(aws: CannedAws): void {
  const sequence = Array.from({ length: RESIDUES }, (_, column) => residue(column)).join("");
  aws.objects.set(`/bench-bucket/${OUTPUT_KEY}`, JSON.stringify(resultOf(sequence)));
  aws.items.set(OUTPUT_ID, {
    output_id: { S: OUTPUT_ID },
    state: { S: "completed" },
    submitted_at: { S: "2026-01-01T00:00:00.000Z" },
    completed_at: { S: "2026-01-01T00:01:00.000Z" },
    expires_at: { N: "4102444800" },
    attempt: { N: "1" },
    name: { S: "a label of some forty letters, as people do" },
    sequence_sha256: { S: createHash("sha256").update(sequence).digest("hex") },
    sequence_length: { N: String(RESIDUES) },
    scoring: { S: "masked-marginals" },
    output_location: { S: `s3://bench-bucket/${OUTPUT_KEY}` },
  });
}

function resultOf(sequence: string): Record<string, unknown> {
  const rows = Array.from(AMINO_ACIDS, (mutant, row) =>
    Array.from(sequence, (wildType, column) => (mutant === wildType ? 0 : llr(row, column))),
  );
  return {
    schema_version: "1.0",
    model: {
      id: "chandar-lab/AMPLIFY_350M",
      revision: "0123456789abcdef0123456789abcdef01234567",
      weights: "synthetic",
    },
    scoring: "masked-marginals",
    sequence,
    sequence_length: sequence.length,
    numbering_offset: 0,
    amino_acids: AMINO_ACIDS,
    heatmap: rows,
    percentiles: rows.map((row) => row.map((score) => Math.round((score + 8) * 1_000) / 100)),
    outliers: Array.from({ length: (sequence.length * 19) / 50 }, (_, index) => `p.Lys${index}Ala ${llr(3, index)}`),
    variants: [],
    sensitivity: Array.from(sequence, (_, column) => llr(7, column)),
    timing: {},
  };
}

function residue(column: number): string {
  return AMINO_ACIDS.charAt((column * 7 + (column % 3)) % AMINO_ACIDS.length);
}

/** Scores from -8 to 2 with six decimals, as varied as a model's. */
function llr(row: number, column: number): number {
  return Math.round((2 - ((row * 7919 + column * 104_729) % 999_983) / 99_998.3) * 1e6) / 1e6;
}
