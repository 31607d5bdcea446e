import { findingsOf, type Finding } from "../finding.js";

/** Free disk that building the image needs, in GiB: about 7 for the image in each of two stages, and the caches. */
export const BUILD_GIB = 20;

/** Free disk that mirroring an image needs, in GiB: its layers, downloaded once. */
export const MIRROR_GIB = 10;

/** What SageMaker's hosts run. */
const PLATFORM = "linux/amd64";

/** What a program printed, and how it ended; `status` is absent where it could not be started. */
export interface Ran {
  readonly status?: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** This machine, as far as the checks need it. */
export interface Machine {
  /** Runs a program to its end, within a few seconds. */
  run(program: string, args: readonly string[]): Promise<Ran>;
  /** Free space in GiB where a folder lies; undefined where the folder is not on this machine. */
  freeGiB(folder: string): Promise<number | undefined>;
}

/**
 * Checks what builds or mirrors the image: Docker's engine or a BuildKit builder, its platform, and its disk.
 *
 * @param neededGiB free disk that the job needs, in GiB
 */
export async function builder(machine: Machine, neededGiB: number): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("image builder");
  const engine = await machine.run("docker", [
    "version",
    "--format",
    "{{.Server.Version}} {{.Server.Os}}/{{.Server.Arch}}",
  ]);
  const buildx = await machine.run("docker", ["buildx", "inspect"]);
  const running = engine.status === 0 || (buildx.status === 0 && /Status:\s+running/.test(buildx.stdout));
  if (!running) {
    const reason = engine.status === undefined ? "there is no docker on the PATH" : lastSentence(engine.stderr);
    const fix = "Start Docker, or export DOCKER_HOST to a machine that has it; or set imageUri to an image in ECR.";
    return [bad("fault", `Nothing can build or mirror the image: ${reason}.`, fix)];
  }
  const platforms = /Platforms:\s*(.+)/.exec(buildx.stdout)?.[1] ?? engine.stdout;
  if (!platforms.includes(PLATFORM)) {
    const fix = "docker run --privileged --rm tonistiigi/binfmt --install amd64, or build on an x86-64 machine.";
    return [bad("fault", `The builder builds for ${platforms.trim()}, not for ${PLATFORM}.`, fix)];
  }
  const what = engine.status === 0 ? `Docker ${engine.stdout.split(" ")[0] ?? ""}` : "A BuildKit builder";
  return [ok(`${what} builds for ${PLATFORM}.`), ...(engine.status === 0 ? [await disk(machine, neededGiB)] : [])];
}

async function disk(machine: Machine, neededGiB: number): Promise<Finding> {
  const { ok, bad } = findingsOf("disk for the image");
  const folder = (await machine.run("docker", ["info", "--format", "{{.DockerRootDir}}"])).stdout.trim();
  const free = folder === "" ? undefined : await machine.freeGiB(folder);
  if (free === undefined) {
    const fix = "docker run --rm alpine df -h / shows it; docker system prune frees what is unused.";
    return bad("unknown", `The engine's disk is not on this machine; the image needs ${neededGiB} GiB.`, fix);
  }
  const sentence = `${Math.floor(free)} GiB are free in ${folder}; the image needs ${neededGiB} GiB.`;
  return free < neededGiB ? bad("fault", sentence, "docker system prune, or a larger disk.") : ok(sentence);
}

/** The first sentence of what docker says last. */
function lastSentence(text: string): string {
  return text.trim().split("\n").at(-1)?.split(/\. /)[0]?.replace(/\.$/, "") || "docker does not answer";
}
