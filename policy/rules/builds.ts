import { known } from "../references.js";
import { resourceRule, unless } from "../rule.js";

/** What a build may do beyond its role is limited. */
export const buildsAreContained = resourceRule(
  {
    name: "builds-are-contained",
    description:
      "A build project is private, runs one build at a time, and is privileged only if its commands run Docker",
    severity: "high",
    fix: "Leave projectVisibility out, set concurrentBuildLimit to 1, and privilegedMode only with a buildspec that runs docker.",
  },
  {
    "aws:codebuild/project:Project": ({ projectVisibility, concurrentBuildLimit, environment, source }) => [
      ...unless(projectVisibility !== "PUBLIC_READ", "Everybody can read the builds and their logs."),
      ...unless(concurrentBuildLimit === 1, "More than one build may run at a time: an error in a loop costs money."),
      ...unless(
        environment.privilegedMode !== true || /\bdocker\b/.test(known(() => source.buildspec) ?? ""),
        "The build is privileged, but its commands do not run docker.",
      ),
    ],
  },
);
