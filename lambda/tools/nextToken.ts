import * as z from "zod";
import { InputError } from "../../contract/errors.js";
import { JOB_STATES } from "../../contract/jobs.js";

const place = z.strictObject({
  output_id: z.string().regex(/^[0-9a-f/-]{36,50}$|^label\/[0-9a-f-]{36}\/\d$/),
  submitted_at: z.iso.datetime(),
});

const places = z.partialRecord(z.enum([...JOB_STATES, "tag"]), place);

/** Where the next page begins in each list, by state, or in the list of a tag. */
export type Places = z.infer<typeof places>;

/** What a list is limited to: a token continues only the same list. */
export interface ListFilter {
  readonly status?: string | undefined;
  readonly tag?: string | undefined;
}

const token = z.strictObject({ status: z.string().optional(), tag: z.string().optional(), places });

/** The token with which a caller continues a list. It holds nothing that the list does not show. */
export function writeNextToken(next: Places, { status, tag }: ListFilter): string {
  return Buffer.from(JSON.stringify({ status, tag, places: next })).toString("base64url");
}

/**
 * Reads a token. Whatever a caller changes in it, it can only name another place in the same list.
 *
 * @throws InputError `INVALID_NEXT_TOKEN` if it is not a token of this list
 */
export function readNextToken(text: string, filter: ListFilter): Places {
  const read = token.safeParse(parsed(text));
  const wanted = filter.tag === undefined ? (key: string) => key !== "tag" : (key: string) => key === "tag";
  const same = read.data?.status === filter.status && read.data?.tag === filter.tag;
  if (read.success && same && Object.keys(read.data.places).every(wanted)) return read.data.places;
  throw new InputError(
    "INVALID_NEXT_TOKEN",
    "next_token is not one of this list: send it as list_jobs returned it, with the same status and tag, or leave it out " +
      "to begin again.",
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
