import { expect } from "chai";
import type { Ran, Machine } from "../../../../commands/preflight/checks/builder.js";
import type { Finding, Level } from "../../../../commands/preflight/finding.js";

/** Asserts that a check has exactly one finding, with the given level, message and fix. */
export function expectFinding(findings: readonly Finding[], level: Level, message: RegExp, fix?: RegExp): void {
  expect(findings, JSON.stringify(findings)).to.have.lengthOf(1);
  expectAmong(findings, level, message, fix);
}

/** Asserts that one of several findings has the given level, message and fix. */
export function expectAmong(findings: readonly Finding[], level: Level, message: RegExp, fix?: RegExp): void {
  const found = findings.find((finding) => message.test(finding.message));
  expect(found, JSON.stringify(findings)).to.include({ level });
  if (fix === undefined) expect(found).not.to.have.property("fix");
  else expect(found?.fix).to.match(fix);
}

/** An error as the clients of AWS throw it. */
export function awsError(name: string, message = "It says so."): Error {
  return Object.assign(new Error(message), { name });
}

/** A machine with the given answers of `docker`, and the given free space in GiB. */
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

/** A hub with the same answer to every request. */
export function hubWith(status: number, body: unknown = {}): typeof fetch & { asked: string[] } {
  const asked: string[] = [];
  const get = (address: Parameters<typeof fetch>[0]): Promise<Response> => {
    asked.push(typeof address === "string" ? address : address instanceof URL ? address.href : address.url);
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  };
  return Object.assign(get, { asked });
}

/** The answer of the hub for a model that can be used. */
export const MODEL = {
  sha: "0123456789abcdef0123456789abcdef01234567",
  siblings: [{ rfilename: "config.json" }, { rfilename: "model.safetensors" }],
};
