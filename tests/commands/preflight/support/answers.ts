import { expect } from "chai";
import type { Ran, Machine } from "../../../../commands/preflight/checks/builder.js";
import type { Finding, Level } from "../../../../commands/preflight/finding.js";

/** Asserts that a check found one thing, how much it matters, and what it and its mend say. */
export function expectFinding(findings: readonly Finding[], level: Level, message: RegExp, mend?: RegExp): void {
  expect(findings, JSON.stringify(findings)).to.have.lengthOf(1);
  expectAmong(findings, level, message, mend);
}

/** Asserts that a check found something among other things. */
export function expectAmong(findings: readonly Finding[], level: Level, message: RegExp, mend?: RegExp): void {
  const found = findings.find((finding) => message.test(finding.message));
  expect(found, JSON.stringify(findings)).to.include({ level });
  if (mend === undefined) expect(found).not.to.have.property("mend");
  else expect(found?.mend).to.match(mend);
}

/** An error as AWS's clients throw it. */
export function awsError(name: string, message = "It says so."): Error {
  return Object.assign(new Error(message), { name });
}

/** A machine on which `docker` answers as given, and whose folders have the given space in GiB. */
export function machineWith(
  docker: Readonly<Record<"version" | "buildx" | "info", Partial<Ran>>>,
  freeGiB?: number,
): Machine {
  return {
    run: (program, [command]) => {
      if (program !== "docker") throw new RangeError(`${program} is not asked for`);
      return Promise.resolve({ stdout: "", stderr: "", ...docker[command as keyof typeof docker] });
    },
    freeGiB: () => Promise.resolve(freeGiB),
  };
}

/** A machine that can build the image. */
export const BUILDING = machineWith(
  {
    version: { status: 0, stdout: "28.2.2 linux/amd64\n" },
    buildx: { status: 0, stdout: "Status:    running\nPlatforms: linux/amd64, linux/386\n" },
    info: { status: 0, stdout: "/var/lib/docker\n" },
  },
  64,
);

/** A hub that answers every question alike. */
export function hubWith(status: number, body: unknown = {}): typeof fetch & { asked: string[] } {
  const asked: string[] = [];
  const get = (address: Parameters<typeof fetch>[0]): Promise<Response> => {
    asked.push(typeof address === "string" ? address : address instanceof URL ? address.href : address.url);
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  };
  return Object.assign(get, { asked });
}

/** What the hub says of a model that can be built in. */
export const MODEL = {
  sha: "0123456789abcdef0123456789abcdef01234567",
  siblings: [{ rfilename: "config.json" }, { rfilename: "model.safetensors" }],
};
