import { createRequire } from "node:module";
import { expect } from "chai";
import type { AlignmentTask } from "../../../contract/evidence.js";
import { isAllowed } from "../../support/permissions.js";
import { ACCOUNT, planned, REGION, type PlannedStack } from "../../support/plannedStack.js";
import { ALIGNS, alignmentServices, FAILS, Objects, TOO_LARGE, type Aligners } from "./support/alignmentRuns.js";
import { runStates, type States } from "./support/runStates.js";

const OFF = { evidence: "true" };
const ON = { ...OFF, alignmentSubnetIds: "subnet-0123456789abcdef0,subnet-0123456789abcdef1" };
const MACHINE = "aws:sfn/stateMachine:StateMachine";
const GATHERER = "-gatherer-role";
const BATCH = `arn:aws:batch:${REGION}:${ACCOUNT}`;
const JOBS = "protein-agent-default-aligns";
const RULES = `arn:aws:events:${REGION}:${ACCOUNT}:rule`;

// The package has no types.
const validateDefinition = createRequire(import.meta.url)("asl-validator") as (definition: object) => {
  readonly isValid: boolean;
};

const TASK: AlignmentTask = {
  task: "align",
  sequences: { bucket: "b", key: "evidence/w/family.fasta" },
  reference: "human",
  aligner: "mafft",
  output: { bucket: "b", key: "evidence/w/alignment/" },
};

function definitionOf({ one }: PlannedStack): { readonly States: Readonly<Record<string, object>> } {
  return JSON.parse(String(one(MACHINE, "-evidence-machine").inputs["definition"])) as ReturnType<typeof definitionOf>;
}

/** The branch of a workflow that aligns. */
function alignmentOf(stack: PlannedStack): States {
  const { Branches } = definitionOf(stack).States["Gather"] as { readonly Branches: readonly States[] };
  const [, , alignment] = Branches;
  if (alignment === undefined) throw new Error("The workflow has no branch that aligns.");
  return alignment;
}

describe("the alignment of large families", () => {
  let objects: Objects;
  let endpoint: string;
  before(async () => {
    objects = new Objects();
    endpoint = await objects.start();
  });
  beforeEach(() => {
    objects.texts.clear();
    objects.texts.set("/b/evidence/w/family.fasta", ">human\nMKTAY\n>worm\nMSTAY\n");
  });
  after(() => {
    objects.stop();
  });

  async function aligned(config: Readonly<Record<string, string>>, aligners: Aligners) {
    const stack = await planned("default", config);
    const services = await alignmentServices(stack, endpoint, aligners);
    const { output, visited } = await runStates(alignmentOf(stack), { workflow: "w", align: TASK }, services);
    const ended = objects.texts.get("/b/evidence/w/alignment/ended.json");
    return {
      alignment: (output as { readonly alignment: Record<string, unknown> }).alignment,
      visited,
      written: [...objects.texts.keys()].map((key) => key.split("/").at(-1)),
      left: ended === undefined ? undefined : (JSON.parse(ended) as Record<string, object>),
    };
  }

  it("is by the function where it can, and starts no job", async () => {
    const { alignment, visited, left } = await aligned(ON, { inFunction: ALIGNS, inJob: FAILS });

    expect(visited).to.deep.equal(["HasFamily", "Align", "Aligned"]);
    expect(alignment["answer"]).to.include({ sequences: 2 });
    expect(left).to.equal(undefined);
  });

  it("is by a job where the function ran out of memory, which writes the same files, and its answer", async () => {
    const { alignment, visited, written, left } = await aligned(ON, { inFunction: TOO_LARGE, inJob: ALIGNS });

    expect(visited).to.deep.equal(["HasFamily", "Align", "AlignLarge", "Aligned"]);
    expect(alignment).to.deep.equal({ job: "11111111-2222" });
    expect(written).to.include.members(["alignment-output.aln", "aligned_seq_info.json", "conservation.json"]);
    expect(left?.["answer"]).to.deep.include({
      sequences: 2,
      conservation: { bucket: "b", key: "evidence/w/alignment/conservation.json" },
    });
  });

  it("is by no job where the function refuses the family", async () => {
    const { alignment, visited } = await aligned(ON, { inFunction: FAILS, inJob: ALIGNS });

    expect(visited).to.deep.equal(["HasFamily", "Align", "Aligned"]);
    expect(alignment["error"]).to.include({ Error: "InputError" });
  });

  it("leaves the reason of a job that fails, and starts it once", async () => {
    const { alignment, visited, left } = await aligned(ON, { inFunction: TOO_LARGE, inJob: FAILS });

    expect(visited).to.deep.equal(["HasFamily", "Align", "AlignLarge", "Aligned"]);
    expect(alignment["error"]).to.include({ Error: "States.TaskFailed" });
    expect(JSON.stringify(left?.["error"])).to.include("mafft ended with code 1: no such residue");
  });

  it("fails as before without jobs, after one attempt", async () => {
    const { alignment, visited } = await aligned(OFF, { inFunction: TOO_LARGE, inJob: ALIGNS });

    expect(visited).to.deep.equal(["HasFamily", "Align", "Aligned"]);
    expect(alignment["error"]).to.include({ Error: "InputError" });
  });

  it("changes neither definition, rights nor function without subnets", async () => {
    const off = await planned("default", OFF);
    const on = await planned("default", ON);
    const function_ = (stack: PlannedStack) =>
      stack.one("aws:lambda/function:Function", "-alignment-function").inputs["environment"];

    expect(JSON.stringify(off.resources.map(({ inputs }) => inputs))).to.not.match(/AlignLarge|ALIGNMENT_JOBS|batch:/);
    expect(validateDefinition(definitionOf(on)).isValid).to.equal(true);
    expect(function_(on)).to.have.nested.property("variables.ALIGNMENT_JOBS", "true");
  });

  for (const [action, resource, expected] of [
    ["batch:SubmitJob", `${BATCH}:job-queue/${JOBS}`, true],
    ["batch:SubmitJob", `${BATCH}:job-definition/${JOBS}:1`, true],
    ["batch:SubmitJob", `${BATCH}:job-definition/${JOBS}:2`, true],
    ["batch:SubmitJob", `${BATCH}:job-queue/another`, false],
    ["batch:SubmitJob", `${BATCH}:job-definition/${JOBS}-other:1`, false],
    ["batch:DescribeJobs", "*", true],
    ["batch:TerminateJob", `${BATCH}:job/11111111-2222`, true],
    ["batch:TerminateJob", `arn:aws:batch:us-west-2:${ACCOUNT}:job/11111111-2222`, false],
    ["batch:RegisterJobDefinition", `${BATCH}:job-definition/${JOBS}`, false],
    ["batch:DeleteJobQueue", `${BATCH}:job-queue/${JOBS}`, false],
    ["events:PutRule", `${RULES}/StepFunctionsGetEventsForBatchJobsRule`, true],
    ["events:PutTargets", `${RULES}/StepFunctionsGetEventsForBatchJobsRule`, true],
    ["events:DescribeRule", `${RULES}/StepFunctionsGetEventsForBatchJobsRule`, true],
    ["events:PutRule", `${RULES}/another`, false],
    ["events:DeleteRule", `${RULES}/StepFunctionsGetEventsForBatchJobsRule`, false],
  ] as const) {
    it(`${expected ? "lets" : "does not let"} the state machine do ${action} on ${resource}`, async () => {
      const request = { principal: GATHERER, action, resource };

      expect(await isAllowed(await planned("default", ON), request)).to.equal(expected);
      expect(await isAllowed(await planned("default", OFF), request)).to.equal(false);
    });
  }
});
