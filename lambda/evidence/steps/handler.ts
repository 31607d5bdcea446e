import type { Context } from "aws-lambda";
import * as z from "zod";
import type { Gathered, GatheredFirst, Plan, StateError, StepTask } from "../../../contract/workflow.js";
import { redactor } from "../../shared/redaction.js";
import { archiveAudit } from "./archiveAudit.js";
import { failWorkflow, reportEvidence } from "./endWorkflow.js";
import { joinEvidence } from "./joinEvidence.js";
import { prepare } from "./prepare.js";
import { scoreProtein } from "./scoreProtein.js";
import type { StepServices } from "./services.js";

const id = z.uuid();

/** The states come from the state machine of the stack: only what says which workflow it is is checked. */
const stepTask = z.discriminatedUnion("task", [
  z.strictObject({ task: z.literal("prepare"), state: z.custom<GatheredFirst>(isState) }),
  z.strictObject({ task: z.literal("score"), workflow: id, token: z.string().min(1) }),
  z.strictObject({ task: z.literal("join"), state: z.custom<Gathered>(isState) }),
  z.strictObject({ task: z.literal("report"), workflow: id }),
  z.strictObject({ task: z.literal("fail"), workflow: id, error: z.custom<StateError>(isError) }),
  z.strictObject({ task: z.literal("archive"), day: z.iso.date().exactOptional() }),
]) satisfies z.ZodType<StepTask>;

function isState(state: unknown): boolean {
  return z.object({ workflow: id }).safeParse(state).success;
}

function isError(error: unknown): boolean {
  return z.object({ Error: z.string(), Cause: z.string().optional() }).safeParse(error).success;
}

/** The function of the steps: what its state machine gets back. */
export type StepHandler = (event: unknown, context: Context) => Promise<Plan | { readonly archived: string[] } | null>;

/** Creates the function that does the steps of workflows. An error is thrown: the state machine retries what may pass. */
export function createStepHandler(services: StepServices): StepHandler {
  const { telemetry } = services;
  return async (event, context) => {
    telemetry.begin(context);
    try {
      return await run(stepTask.parse(event), services);
    } catch (error) {
      telemetry.error("A step of a workflow failed", error, redactor({}));
      throw error;
    } finally {
      telemetry.end();
    }
  };
}

async function run(given: StepTask, services: StepServices): Promise<Awaited<ReturnType<StepHandler>>> {
  switch (given.task) {
    case "prepare":
      return prepare(given.state, services);
    case "score":
      await scoreProtein(given.workflow, given.token, services);
      return null;
    case "join":
      await joinEvidence(given.state, services);
      return null;
    case "report":
      await reportEvidence(given.workflow, services);
      return null;
    case "fail":
      await failWorkflow(given.workflow, given.error, services);
      return null;
    case "archive":
      return { archived: await archiveAudit(given.day, services) };
  }
}
