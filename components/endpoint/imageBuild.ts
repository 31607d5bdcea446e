import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { ImageArgs } from "@pulumi/docker-build";
import { contextHash } from "./imageContext.js";

/** What docker-build builds, and the tag of the result. */
export interface ImageBuild extends Pick<ImageArgs, "context" | "dockerfile" | "buildArgs"> {
  /** A hash of everything that goes into the image: the repository refuses to overwrite a tag. */
  readonly tag: string;
}

/** Paths are relative, because they are part of the image's state: another machine must see no change. */
const CONTEXT = "./image";
const EMPTY_CONTEXT = "./components/endpoint/emptyContext";

/** Characters of a hash that make a tag. */
const TAG_LENGTH = 32;

/** The image of this project, with a model of the Hugging Face hub in it. */
export function modelBuild(model: { readonly modelId: string; readonly modelRevision: string }): ImageBuild {
  const buildArgs = { MODEL_ID: model.modelId, MODEL_REVISION: model.modelRevision };
  const folder = fileURLToPath(new URL("../../image", import.meta.url));
  return {
    context: { location: CONTEXT },
    dockerfile: { location: `${CONTEXT}/Dockerfile` },
    buildArgs,
    tag: contextHash(folder, buildArgs).slice(0, TAG_LENGTH),
  };
}

/**
 * A copy of a prebuilt image: a Dockerfile of one line. The build selects the platform, and writes the media types that
 * SageMaker accepts.
 *
 * @param reference the image in its registry; a tag is not resolved, so nobody notices when it moves
 */
export function mirrorBuild(reference: string): ImageBuild {
  return {
    context: { location: EMPTY_CONTEXT },
    dockerfile: { inline: `FROM ${reference}\n` },
    tag: createHash("sha256").update(reference).digest("hex").slice(0, TAG_LENGTH),
  };
}
