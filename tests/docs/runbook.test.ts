import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { everything, tellingAlarms, withVersions } from "../components/operations/support/everything.js";

/** The sections of the runbook by their headings: those of alarms are named like the alarm, others have capitals. */
function sections(): Map<string, string> {
  const parts = readFileSync("docs/runbook.md", "utf8")
    .split(/^#{2,3} /m)
    .slice(1);
  return new Map(
    parts.map((part) => {
      const [heading = "", ...lines] = part.split("\n");
      return [heading, lines.join("\n").trim()];
    }),
  );
}

describe("the runbook", () => {
  const known = sections();
  const ofAlarms = [...known.keys()].filter((heading) => /^[a-z-]+$/.test(heading));

  it("has a section for each alarm of the program, to which its text links, and none for others", async () => {
    const stacks = await Promise.all([everything(), withVersions()]);
    const links = stacks
      .flatMap(tellingAlarms)
      .map(({ inputs }) => /Runbook: docs\/runbook\.md#(\S+)$/.exec(String(inputs["alarmDescription"]))?.[1]);

    expect(ofAlarms).to.have.members([...new Set(links)]);
  });

  it("says in each section how it looks, which command shows it, and what to do", () => {
    const symptoms = [
      "My job hangs",
      "Endpoint won't start",
      "Access denied",
      "Image rejected",
      "Quota",
      "Scale from zero takes minutes",
    ];
    for (const heading of [...symptoms, ...ofAlarms]) {
      const [look = "", command = "", ...fix] = (known.get(heading) ?? "").split(/^```(?:sh)?$/m);
      for (const part of [look, command, fix.join("")]) {
        expect(part.trim().length, heading).to.be.greaterThan(20);
      }
      expect(command, heading).to.match(/^(?:[A-Z]+=.*\n)*(?:aws|npm run|npx vep|pulumi) /m);
    }
  });

  it("has the sections that the doctor points to", () => {
    const folder = "commands/doctor/checks";
    const links = readdirSync(folder).flatMap((file) => [
      ...readFileSync(`${folder}/${file}`, "utf8").matchAll(/docs\/runbook\.md#([a-z-]+)/g),
    ]);
    // Some sections are named after a queue or a state.
    const named = ["dead-letters", "fasta-dead-letters", "brake-dead-letters", "failed-requests", "expired-requests"];
    const anchors = [...known.keys()].map((heading) => heading.toLowerCase().replace(/'/g, "").replace(/\s/g, "-"));

    expect(links.length).to.be.greaterThan(6);
    expect(anchors).to.include.members([...named, ...links.map(([, anchor = ""]) => anchor)]);
  });
});
