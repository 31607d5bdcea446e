/** How a container of the model server is started. */
export interface ServerOptions {
  /** Port on this machine. */
  readonly port: number;
  /** Folder on this machine that holds the model; undefined for the model in the image. */
  readonly model?: string;
}

/** A program that builds images and runs them. Each function gives the arguments of a command line. */
export interface ContainerTool {
  /** Succeeds where the tool can build. */
  readonly probe: readonly string[];
  build(tag: string, context: string, buildArgs: Readonly<Record<string, string>>): string[];
  /** Prints the name by which `shell`, `serve` and `remove` know the image. */
  readonly create: ((tag: string) => string[]) | undefined;
  shell(name: string, script: string): string[];
  serve(name: string, options: ServerOptions): string[];
  readonly remove: ((name: string) => string[]) | undefined;
}

/** Where a model is mounted. */
const MOUNTED = "/mnt/model";

const CONTAINER_PORT = 8080;

/** Docker, and Podman with the same command line. */
const DOCKER: ContainerTool = {
  probe: ["info"],
  build: (tag, context, buildArgs) => [
    "build",
    "--platform=linux/amd64",
    ...pairs("--build-arg", buildArgs),
    `--tag=${tag}`,
    context,
  ],
  create: undefined,
  shell: (tag, script) => ["run", "--rm", "--entrypoint=sh", tag, "-c", script],
  serve: (tag, { port, model }) => [
    "run",
    "--rm",
    `--publish=127.0.0.1:${port}:${CONTAINER_PORT}`,
    ...(model === undefined ? [] : [`--volume=${model}:${MOUNTED}:ro`, `--env=AMPLIFY_MODEL_DIR=${MOUNTED}`]),
    tag,
    "serve",
  ],
  remove: undefined,
};

/** Buildah, which needs no engine: with `chroot`, it needs no right to create namespaces either. */
const BUILDAH: ContainerTool = {
  probe: ["info"],
  build: (tag, context, buildArgs) => [
    "build",
    "--isolation=chroot",
    "--layers",
    ...pairs("--build-arg", buildArgs),
    `--tag=${tag}`,
    context,
  ],
  create: (tag) => ["from", tag],
  shell: (container, script) => ["run", "--isolation=chroot", container, "--", "sh", "-c", script],
  serve: (container, { port, model }) => [
    "run",
    "--isolation=chroot",
    "--network=host",
    `--env=SAGEMAKER_BIND_TO_PORT=${port}`,
    "--env=AMPLIFY_HOST=127.0.0.1",
    ...(model === undefined ? [] : [`--volume=${model}:${MOUNTED}:ro`, `--env=AMPLIFY_MODEL_DIR=${MOUNTED}`]),
    container,
    "--",
    "amplify-vep",
    "serve",
  ],
  remove: (container) => ["rm", container],
};

/** The tools by the name of their program, in the order in which they are tried. */
export const TOOLS = { docker: DOCKER, podman: DOCKER, buildah: BUILDAH } as const satisfies Readonly<
  Record<string, ContainerTool>
>;
export type ToolName = keyof typeof TOOLS;

function pairs(option: string, values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([name, value]) => `${option}=${name}=${value}`);
}
