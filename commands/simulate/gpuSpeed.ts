import type { GPU_FAMILIES } from "../../components/shared/gpuInstances.js";

type GpuName = (typeof GPU_FAMILIES)[keyof typeof GPU_FAMILIES]["gpu"];

/**
 * Dense tensor throughput in bfloat16 (float16 on the T4) by the vendor's data sheets, in TFLOP/s. The service assumes that
 * an L4 reaches a quarter of its own; other GPUs are taken to reach the same share, which nobody measured.
 *
 * @see https://www.nvidia.com/en-us/data-center/l4/ and the pages of the other GPUs
 */
const DENSE_TFLOPS: Readonly<Record<GpuName, number>> = {
  "NVIDIA T4": 65,
  "NVIDIA A10G": 70,
  "NVIDIA L4": 121,
  "NVIDIA L40S": 362,
  "NVIDIA RTX PRO 6000": 500,
  "NVIDIA A100": 312,
  "NVIDIA H100": 989,
  "NVIDIA H200": 989,
  "NVIDIA B200": 2_250,
  "NVIDIA B300": 2_250,
};

/** How many times as fast as an L4 a GPU is, by its data sheet: an estimate. */
export function gpuSpeed(gpu: string): number {
  const known: Readonly<Record<string, number | undefined>> = DENSE_TFLOPS;
  const tflops = known[gpu];
  if (tflops === undefined) throw new RangeError(`'${gpu}' is not a GPU of the table of instance types.`);
  return tflops / DENSE_TFLOPS["NVIDIA L4"];
}
