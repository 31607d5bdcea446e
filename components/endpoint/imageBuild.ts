import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { ImageArgs } from "@pulumi/docker-build";
import { asset } from "@pulumi/pulumi";
import { contextArchive, contextHash } from "./imageContext.js";

/** What is built, and the tag of the result. */
export interface ImageBuild {
  /** A hash of everything that goes into the image: the repository refuses to overwrite a tag. */
  readonly tag: string;
  /** Build arguments by name. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** The build as docker-build describes it. */
  readonly docker: Pick<ImageArgs, "context" | "dockerfile" | "buildArgs">;
  /** The build context with its Dockerfile, for a builder on another machine. */
  readonly archive: () => asset.AssetArchive;
}

/** Paths are relative, because they are part of the image's state: another machine must see no change. */
const CONTEXT = "./image";
const EMPTY_CONTEXT = "./components/endpoint/emptyContext";

/** Characters of a hash that make a tag. */
const TAG_LENGTH = 32;

/**
 * The image of this project, with a model of the Hugging Face hub in it.
 *
 * @param model.modelDataUrl if not empty, the image has no model: the weights are from S3
 */
export function modelBuild(model: {
  readonly modelId: string;
  readonly modelRevision: string;
  readonly modelDataUrl: string;
}): ImageBuild {
  const buildArgs =
    model.modelDataUrl === "" ? { MODEL_ID: model.modelId, MODEL_REVISION: model.modelRevision } : { MODEL_ID: "" };
  const folder = fileURLToPath(new URL("../../image", import.meta.url));
  return {
    tag: contextHash(folder, buildArgs).slice(0, TAG_LENGTH),
    buildArgs,
    docker: { context: { location: CONTEXT }, dockerfile: { location: `${CONTEXT}/Dockerfile` }, buildArgs },
    archive: () => contextArchive(folder, CONTEXT),
  };
}

/**
 * A copy of a prebuilt image: a Dockerfile of one line. The build selects the platform, and writes the media types that
 * SageMaker accepts.
 *
 * @param reference the image in its registry; a tag is not resolved, so nobody notices when it moves
 */
export function mirrorBuild(reference: string): ImageBuild {
  const dockerfile = `FROM ${reference}\n`;
  return {
    tag: createHash("sha256").update(reference).digest("hex").slice(0, TAG_LENGTH),
    buildArgs: {},
    docker: { context: { location: EMPTY_CONTEXT }, dockerfile: { inline: dockerfile } },
    archive: () => new asset.AssetArchive({ Dockerfile: new asset.StringAsset(dockerfile) }),
  };
}
