import type { Properties } from "./wire.js";

/** One resource as AWS holds it. */
export interface Thing {
  readonly type: string;
  readonly id: string;
  /** Logical name of the resource that made it. */
  readonly name: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** An endpoint that did not come up: nothing but its deletion is possible. */
  failed?: boolean;
}

/** Everything that AWS holds: plain data, so that it can be copied. */
export interface CloudState {
  readonly things: Record<string, Thing>;
  /** Keys of the objects in each bucket. */
  readonly objects: Record<string, string[]>;
  /** Digest by tag in each repository. */
  readonly images: Record<string, Record<string, string>>;
  /** Counts what was made: tells apart what AWS makes up. */
  made: number;
}

/** What a rule sees of the cloud. */
export interface Holdings {
  readonly state: CloudState;
  find(type: string, id: string): Thing | undefined;
  /** All things of a type. */
  all(type: string): Thing[];
}

export type Operation = "create" | "update" | "delete";

/** What AWS does beyond keeping a thing: its reason to refuse a call, and what a call brings about elsewhere. */
export interface Rules {
  readonly refuse?: Partial<Record<Operation, (cloud: Holdings, thing: Thing) => string | undefined>>;
  readonly effect?: Partial<Record<Operation, (cloud: Holdings, thing: Thing) => void>>;
}
