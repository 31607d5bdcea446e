import { z } from "zod";
import { findingsOf, reasonOf, type Finding } from "../finding.js";

/** Where the weights come from when the image is built. */
export const HUB = "https://huggingface.co";

/** How long the hub may take to answer, in milliseconds. */
const PATIENCE_MS = 10_000;

const modelInfo = z.object({
  sha: z.string(),
  gated: z.union([z.boolean(), z.string()]).default(false),
  siblings: z.array(z.object({ rfilename: z.string() })).default([]),
});

/** Files without which the image cannot be built. */
const FILES = ["config.json", "model.safetensors"];

/**
 * Looks at the hub: whether it can be reached, and whether it has the model's revision, free for all, with its weights.
 *
 * @param get fetches an address, as `fetch` does
 */
export async function hub(
  get: typeof fetch,
  { modelId, modelRevision }: { readonly modelId: string; readonly modelRevision: string },
): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("model on the hub");
  const model = `${modelId} at '${modelRevision}'`;
  const address = `${HUB}/api/models/${modelId}/revision/${encodeURIComponent(modelRevision)}`;
  const answer = await get(address, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch((error: unknown) =>
    reasonOf(error),
  );
  if (typeof answer === "string") {
    const mend = `curl -I ${HUB} from the machine that builds; or set imageUri to an image that was built elsewhere.`;
    return [bad("fault", `${HUB} cannot be reached, so the image cannot be built. ${answer}`, mend)];
  }
  // The hub answers 401 for a model that does not exist, as it does for one that is private.
  if ([401, 403, 404].includes(answer.status)) {
    const mend = "pulumi config set modelId OWNER/NAME and modelRevision to what the hub shows.";
    return [bad("fault", `The hub has no ${model} for everybody (${answer.status}).`, mend)];
  }
  if (!answer.ok)
    return [bad("unknown", `The hub answered ${answer.status} for ${model}.`, "Run the preflight again later.")];
  const { sha, gated, siblings } = modelInfo.parse(await answer.json());
  if (gated !== false) {
    return [bad("fault", `${model} is gated: the build signs in nowhere.`, "Choose a model that is free for all.")];
  }
  const missing = FILES.filter((file) => !siblings.some(({ rfilename }) => rfilename === file));
  if (missing.length > 0) {
    return [
      bad("fault", `${model} lacks ${missing.join(" and ")}.`, "Choose an AMPLIFY model with safetensors weights."),
    ];
  }
  return [ok(`${model} is commit ${sha.slice(0, 12)}.`)];
}
