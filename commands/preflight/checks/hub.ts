import { z } from "zod";
import { findingsOf, reasonOf, type Finding } from "../finding.js";

/** Address of the hub from which the image build downloads the weights. */
export const HUB = "https://huggingface.co";

/** Time limit for an answer of the hub, in milliseconds. */
const TIMEOUT_MS = 10_000;

const modelInfo = z.object({
  sha: z.string(),
  gated: z.union([z.boolean(), z.string()]).default(false),
  siblings: z.array(z.object({ rfilename: z.string() })).default([]),
});

/** Files without which the image cannot be built. */
const FILES = ["config.json", "model.safetensors"];

/**
 * Checks that the hub can be reached, and that it has the model's revision, public and with its weights.
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
  const answer = await get(address, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error: unknown) =>
    reasonOf(error),
  );
  if (typeof answer === "string") {
    const fix = `curl -I ${HUB} on the machine that builds; or set imageUri to an image that was built elsewhere.`;
    return [bad("fault", `${HUB} cannot be reached, so the image cannot be built. ${answer}`, fix)];
  }
  // The hub answers 401 both for a model that does not exist and for a private one.
  if ([401, 403, 404].includes(answer.status)) {
    const fix = "pulumi config set modelId OWNER/NAME and modelRevision to what the hub shows.";
    return [bad("fault", `The hub has no ${model} that is public (${answer.status}).`, fix)];
  }
  if (!answer.ok)
    return [bad("unknown", `The hub answered ${answer.status} for ${model}.`, "npm run preflight, again later.")];
  const { sha, gated, siblings } = modelInfo.parse(await answer.json());
  if (gated !== false) {
    return [
      bad(
        "fault",
        `${model} is gated: the build has no credentials for the hub.`,
        "pulumi config set modelId OWNER/NAME, of a model that is not gated.",
      ),
    ];
  }
  const missing = FILES.filter((file) => !siblings.some(({ rfilename }) => rfilename === file));
  if (missing.length > 0) {
    return [
      bad(
        "fault",
        `${model} lacks ${missing.join(" and ")}.`,
        "pulumi config set modelId OWNER/NAME, of an AMPLIFY model with safetensors weights.",
      ),
    ];
  }
  return [ok(`${model} is commit ${sha.slice(0, 12)}.`)];
}
