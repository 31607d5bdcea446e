import { ProductionVariantInstanceType } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { CUDA_13_HOST, GPU_INSTANCE_TYPES, gpuInstance, refusal } from "../../../components/shared/gpuInstances.js";

describe("gpuInstance", () => {
  it("knows only types that SageMaker hosts", () => {
    expect(Object.values(ProductionVariantInstanceType)).to.include.members([...GPU_INSTANCE_TYPES]);
  });

  it("knows every size of its families that SageMaker hosts", () => {
    const families = new Set(GPU_INSTANCE_TYPES.map((type) => type.split(".")[1] ?? ""));
    const hosted = Object.values(ProductionVariantInstanceType).filter((type) =>
      families.has(type.split(".")[1] ?? ""),
    );

    expect([...GPU_INSTANCE_TYPES].sort()).to.deep.equal([...hosted].sort());
  });

  it("lists GPUs, their memory and the host image", () => {
    expect(gpuInstance("ml.g6.12xlarge")).to.deep.equal({
      gpus: 4,
      gpu: "NVIDIA L4",
      gpuMemoryGiB: 22.4,
      hostAmi: CUDA_13_HOST,
    });
  });

  for (const type of [
    "ml.m5.large",
    "ml.p3.2xlarge",
    "g6.2xlarge",
    "ml.g6",
    "ml.g6.toString",
    "ml.constructor.name",
    "",
  ]) {
    it(`does not know '${type}'`, () => {
      expect(gpuInstance(type)).to.equal(undefined);
    });
  }

  it("gives different reasons for a missing size, an unknown family and an old GPU", () => {
    expect(refusal("ml.g6.metal")).to.include("no such size");
    expect(refusal("ml.m5.large")).to.include("not one of the GPU types");
    expect(refusal("ml.p2.xlarge")).to.include("Kepler");
  });
});
