import { z } from "zod";

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

/** One statement of a policy of the program. */
const statement = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Principal: z.union([z.string(), z.record(z.string(), oneOrMore)]).optional(),
  Action: oneOrMore,
  Resource: oneOrMore.optional(),
  Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).optional(),
});

/** A policy of the program, with a list wherever IAM takes one value or several. */
export const policy = z.object({ Version: z.literal("2012-10-17"), Statement: z.array(statement) });

export type Statement = z.infer<typeof statement>;
export type Policy = z.infer<typeof policy>;
