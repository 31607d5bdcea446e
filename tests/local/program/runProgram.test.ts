import { expect } from "chai";
import { plannedHandlers, UnknownInvokeError } from "../../../local/program/plannedOutputs.js";
import { ProgramError, runProgram, type ProgramHandlers } from "../../../local/program/runProgram.js";
import { stackConfig } from "../../../local/program/stackConfig.js";

const HANDLERS = plannedHandlers({ region: "eu-west-1" });

function failureOf(handlers: ProgramHandlers, overrides: Record<string, string> = {}): Promise<unknown> {
  const config = stackConfig({ stack: "test", overrides });
  return runProgram({ stack: "test", config, handlers }).catch((error: unknown) => error);
}

describe("runProgram", () => {
  it("throws the faults of the configuration and creates nothing", async () => {
    const created: string[] = [];
    const handlers: ProgramHandlers = {
      ...HANDLERS,
      create: (resource) => {
        created.push(resource.name);
        return HANDLERS.create(resource);
      },
    };

    const failure = await failureOf(handlers, { instanceType: "ml.c5.large", minCapacity: "9" });

    expect(failure).to.be.instanceOf(ProgramError);
    expect(String(failure)).to.include("ml.c5.large").and.to.include("minCapacity is '9'");
    expect(created).to.deep.equal([]);
  });

  it("throws the error of a handler and creates nothing after it", async () => {
    const created: string[] = [];
    const handlers: ProgramHandlers = {
      ...HANDLERS,
      create: (resource) => {
        if (resource.type === "aws:sagemaker/model:Model") return Promise.reject(new Error("no quota"));
        created.push(resource.type);
        return HANDLERS.create(resource);
      },
    };

    const failure = await failureOf(handlers);

    expect(failure).to.be.instanceOf(ProgramError).with.property("errors").that.has.length(1);
    expect(String(failure)).to.include("no quota");
    expect(created).to.include("aws:s3/bucket:Bucket").and.to.not.include("aws:sagemaker/endpoint:Endpoint");
  });

  it("throws if the program calls a function of a provider that has no handler", async () => {
    const handlers: ProgramHandlers = {
      ...HANDLERS,
      invoke: (token) => Promise.reject(new UnknownInvokeError(token)),
    };

    const failure = await failureOf(handlers);

    expect(failure).to.be.instanceOf(ProgramError);
    expect(String(failure)).to.include("a plan cannot answer");
  });

  it("uses the outputs of the handlers, and runs again after a failure", async () => {
    const handlers: ProgramHandlers = {
      ...HANDLERS,
      create: async (resource) => {
        const { id, state } = await HANDLERS.create(resource);
        return resource.type === "aws:dynamodb/table:Table"
          ? { id: "jobs", state: { ...state, name: "jobs" } }
          : { id, state };
      },
    };

    const { outputs } = await runProgram({ stack: "test", config: stackConfig({ stack: "test" }), handlers });

    expect(outputs["jobTableName"]).to.equal("jobs");
  });

  it("runs stacks one after another, even if they are started at the same time", async () => {
    const run = (stack: string) => runProgram({ stack, config: stackConfig({ stack }), handlers: HANDLERS });

    const [dev, prod] = await Promise.all([run("dev"), run("prod")]);

    expect([dev.outputs["resourcePrefix"], prod.outputs["resourcePrefix"]]).to.deep.equal([
      "dev-protein-agent",
      "prod-protein-agent",
    ]);
    expect(dev.resources.every(({ urn }) => urn.includes(":dev::"))).to.equal(true);
  });
});

describe("plannedHandlers", () => {
  it("rejects a function that it does not know", async () => {
    const failure = await HANDLERS.invoke("aws:ec2/getVpc:getVpc", {}).catch((error: unknown) => error);

    expect(failure).to.be.instanceOf(UnknownInvokeError);
  });

  it("gives a resource without a name the same name at every run", async () => {
    const made = await HANDLERS.create({ type: "aws:s3/bucket:Bucket", name: "data", inputs: {} });
    const again = await HANDLERS.create({ type: "aws:s3/bucket:Bucket", name: "data", inputs: {} });

    expect(made.id).to.match(/^data-[0-9a-f]{7}$/);
    expect(again).to.deep.equal(made);
  });
});
