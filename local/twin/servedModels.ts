import { describeModel, type ModelDescription } from "./describe.js";
import { TwinError } from "./errors.js";
import type { EndpointSettings } from "./sagemaker/endpoint.js";
import { text } from "./resources/properties.js";
import type { ImageVersions, Properties } from "./resources/types.js";

/** A checkpoint that the twin serves. */
interface Served {
  readonly dir: string;
  /** Takes the place of the image's digest: the version of the weights and the code that the twin runs. */
  readonly version: string;
}

/** The checkpoints that take the place of the images of a program: one for `base`, and one for each further version. */
export class ServedModels implements ImageVersions {
  readonly base: ModelDescription;
  readonly #baseDir: string;
  readonly #more: ReadonlyMap<string, Served>;
  readonly #built = new Map<string, string>();
  #baseModel: string | undefined;

  private constructor(base: ModelDescription, baseDir: string, more: ReadonlyMap<string, Served>) {
    this.base = base;
    this.#baseDir = baseDir;
    this.#more = more;
  }

  /**
   * Describes the checkpoints.
   *
   * @param more folders of checkpoints by `modelId`, or by `modelId@revision`
   * @throws TwinError `MODEL_UNAVAILABLE` if a folder holds none
   */
  static async of(baseDir: string, more: Readonly<Record<string, string>>): Promise<ServedModels> {
    const described = await Promise.all(
      Object.entries(more).map(async ([model, dir]) => {
        const { model_version: version } = await describeModel(dir);
        return [model, { dir, version }] as const;
      }),
    );
    return new ServedModels(await describeModel(baseDir), baseDir, new Map(described));
  }

  /**
   * The version that an image has in the twin. The first image of a program is that of `base`.
   *
   * @param buildArgs those of the image
   * @throws TwinError `MODEL_UNAVAILABLE` if there is no checkpoint for its model: another one must not answer for it
   */
  built(buildArgs: Properties): string {
    const id = text(buildArgs, "MODEL_ID") ?? "";
    const model = `${id}@${String(buildArgs["MODEL_REVISION"])}`;
    this.#baseModel ??= model;
    const own = this.#more.get(model) ?? this.#more.get(id);
    const isBase = model === this.#baseModel;
    if (!isBase && own === undefined) throw unavailable(model);
    const { dir, version } = isBase || own === undefined ? this.#ofBase() : own;
    this.#built.set(version, dir);
    return version;
  }

  /**
   * The checkpoint that an endpoint serves.
   *
   * @param isBase whether it is the endpoint of `base`
   * @throws TwinError as in {@link built}
   */
  dirOf({ model: { image } }: EndpointSettings, isBase: boolean): string {
    if (isBase) return this.#baseDir;
    const dir = this.#built.get(image.split("@")[1] ?? "");
    if (dir === undefined) throw unavailable(image);
    return dir;
  }

  #ofBase(): Served {
    return { dir: this.#baseDir, version: this.base.model_version };
  }
}

function unavailable(model: string): TwinError {
  return new TwinError(
    "MODEL_UNAVAILABLE",
    `The configuration has a model version with ${model}, and the twin has no checkpoint for it: the twin serves versions ` +
      "with modelId, each with a folder of its own.",
  );
}
