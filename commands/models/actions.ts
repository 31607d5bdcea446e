/** What `vep models` does. */
export const MODEL_ACTIONS = [
  "list",
  "show",
  "activate",
  "rollback",
  "compare",
  "measure",
  "retire",
  "register",
] as const;
export type ModelAction = (typeof MODEL_ACTIONS)[number];
