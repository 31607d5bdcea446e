import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import * as z from "zod";

/** What every prompt says of the method. */
const CAVEATS =
  "The llr says how natural a residue is in its context. It does not know the goal, a ligand, or a partner, and a score near 0 or above is no proof of function.";

/** Adds the prompts: they say how to use the tools, and what the scores cannot tell. */
export function addPrompts(server: McpServer): void {
  server.registerPrompt(
    "propose_mutations",
    {
      title: "Propose mutations for a protein",
      description: "Which mutations to try, and why, with the limits of the method.",
      argsSchema: {
        sequence: z.string().describe("the protein"),
        goal: z.string().optional().describe("what the mutations are for, such as stability at 60 °C"),
      },
    },
    ({ sequence, goal = "a more stable protein with the same function" }) =>
      asked(
        `Propose mutations for ${goal} in this protein: ${sequence}`,
        "Call predict_variant_effects, then explain_position for the positions of your candidates.",
        "Say of each candidate its llr and what speaks for and against it (residue type, neighbourhood, known sites).",
        CAVEATS,
        "Avoid catalytic and binding sites even if they score well. Name what an experiment has to show.",
      ),
  );
  server.registerPrompt(
    "assess_variants",
    {
      title: "Assess variants of a protein",
      description: "What the scores of given variants say, and what they do not.",
      argsSchema: {
        sequence: z.string().describe("the protein"),
        variants: z.string().describe("such as K10A, p.Arg46Gln; K10A;L12V is one double mutant"),
      },
    },
    ({ sequence, variants }) =>
      asked(
        `Assess these variants: ${variants}, of this protein: ${sequence}`,
        "Call score_variants for them, then explain_position for the position of each: is the position sensitive, or only this residue unlikely?",
        "Rank them within this protein alone. The score of a multiple mutant is the sum of its sites, which leaves out how they act on one another.",
        CAVEATS,
        "There is no threshold for disease: say nothing about patients. Name the evidence that is missing: an assay, a structure, population data.",
      ),
  );
}

function asked(...sentences: readonly string[]) {
  return {
    messages: [{ role: "user" as const, content: { type: "text" as const, text: sentences.join("\n") } }],
  };
}
