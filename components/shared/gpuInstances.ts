/** The GPUs of an instance type, and the host image that it needs. */
export interface GpuInstance {
  readonly gpus: number;
  /** Model of the GPU. */
  readonly gpu: string;
  /** Memory of each GPU in GiB, as EC2 reports it: less than the vendor's figure if ECC uses a part. */
  readonly gpuMemoryGiB: number;
  /** Host image of SageMaker (`InferenceAmiVersion`), which contains the NVIDIA driver. */
  readonly hostAmi: HostAmi;
}

/**
 * Host image with a driver for CUDA 13, which the PyTorch of the container is built for. The default of SageMaker for
 * these types has driver 470, on which that PyTorch cannot start.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html (InferenceAmiVersion)
 */
export const CUDA_13_HOST = "al2023-ami-sagemaker-inference-gpu-4-1";
type HostAmi = typeof CUDA_13_HOST;

interface GpuFamily {
  readonly gpu: string;
  readonly gpuMemoryGiB: number;
  readonly hostAmi: HostAmi;
  /** Number of GPUs of each size. */
  readonly sizes: Readonly<Record<string, number>>;
}

const ONE_TO_EIGHT = {
  xlarge: 1,
  "2xlarge": 1,
  "4xlarge": 1,
  "8xlarge": 1,
  "12xlarge": 4,
  "16xlarge": 1,
  "24xlarge": 4,
  "48xlarge": 8,
} as const;

/**
 * Every family that this service runs on, with all its sizes in SageMaker hosting.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html (InstanceType: the sizes)
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html (GPUs and their memory)
 */
export const GPU_FAMILIES = {
  g4dn: {
    gpu: "NVIDIA T4",
    gpuMemoryGiB: 16,
    hostAmi: CUDA_13_HOST,
    sizes: { xlarge: 1, "2xlarge": 1, "4xlarge": 1, "8xlarge": 1, "12xlarge": 4, "16xlarge": 1 },
  },
  g5: { gpu: "NVIDIA A10G", gpuMemoryGiB: 22.4, hostAmi: CUDA_13_HOST, sizes: ONE_TO_EIGHT },
  g6: { gpu: "NVIDIA L4", gpuMemoryGiB: 22.4, hostAmi: CUDA_13_HOST, sizes: ONE_TO_EIGHT },
  g6e: { gpu: "NVIDIA L40S", gpuMemoryGiB: 44.7, hostAmi: CUDA_13_HOST, sizes: ONE_TO_EIGHT },
  g7e: {
    gpu: "NVIDIA RTX PRO 6000",
    gpuMemoryGiB: 96,
    hostAmi: CUDA_13_HOST,
    sizes: { "2xlarge": 1, "4xlarge": 1, "8xlarge": 1, "12xlarge": 2, "24xlarge": 4, "48xlarge": 8 },
  },
  p4d: { gpu: "NVIDIA A100", gpuMemoryGiB: 40, hostAmi: CUDA_13_HOST, sizes: { "24xlarge": 8 } },
  p4de: { gpu: "NVIDIA A100", gpuMemoryGiB: 80, hostAmi: CUDA_13_HOST, sizes: { "24xlarge": 8 } },
  p5: { gpu: "NVIDIA H100", gpuMemoryGiB: 80, hostAmi: CUDA_13_HOST, sizes: { "4xlarge": 1, "48xlarge": 8 } },
  p5e: { gpu: "NVIDIA H200", gpuMemoryGiB: 141, hostAmi: CUDA_13_HOST, sizes: { "48xlarge": 8 } },
  p5en: { gpu: "NVIDIA H200", gpuMemoryGiB: 141, hostAmi: CUDA_13_HOST, sizes: { "48xlarge": 8 } },
  "p6-b200": { gpu: "NVIDIA B200", gpuMemoryGiB: 179, hostAmi: CUDA_13_HOST, sizes: { "48xlarge": 8 } },
  "p6-b300": { gpu: "NVIDIA B300", gpuMemoryGiB: 268.6, hostAmi: CUDA_13_HOST, sizes: { "48xlarge": 8 } },
} as const satisfies Readonly<Record<string, GpuFamily>>;

/** GPU families that are refused, with the reason. */
const REFUSED_FAMILIES: Readonly<Record<string, string>> = {
  p2: "its Kepler GPUs are not supported by CUDA 13, which the model's PyTorch is built for",
  p3: "its Volta GPUs are not supported by CUDA 13, which the model's PyTorch is built for",
  p3dn: "its Volta GPUs are not supported by CUDA 13, which the model's PyTorch is built for",
};

/** Every GPU instance type, as SageMaker names it: `ml.g6.2xlarge`. */
export const GPU_INSTANCE_TYPES: readonly string[] = Object.entries(GPU_FAMILIES).flatMap(([family, { sizes }]) =>
  Object.keys(sizes).map((size) => `ml.${family}.${size}`),
);

/**
 * Looks an instance type up.
 *
 * @param instanceType as SageMaker names it: `ml.g6.2xlarge`
 * @returns undefined for everything that is not a GPU type in the table
 */
export function gpuInstance(instanceType: string): GpuInstance | undefined {
  const [, family = "", size = ""] = /^ml\.([a-z0-9-]+)\.([a-z0-9]+)$/.exec(instanceType) ?? [];
  if (!Object.hasOwn(GPU_FAMILIES, family)) return undefined;
  const { gpu, gpuMemoryGiB, hostAmi, sizes }: GpuFamily = GPU_FAMILIES[family as keyof typeof GPU_FAMILIES];
  const gpus = Object.hasOwn(sizes, size) ? sizes[size] : undefined;
  return gpus === undefined ? undefined : { gpus, gpu, gpuMemoryGiB, hostAmi };
}

/** The reason for refusing an instance type that is not in the table, as a part of an error message. */
export function refusal(instanceType: string): string {
  const family = /^(?:ml\.)?([a-z0-9-]+)/.exec(instanceType)?.[1] ?? "";
  const reason = REFUSED_FAMILIES[family];
  if (reason !== undefined) return reason;
  if (Object.hasOwn(GPU_FAMILIES, family)) return `the ${family} family has no such size in SageMaker hosting`;
  return "it is not one of the GPU types on which the model is known to start";
}
