import { buildsAreContained } from "../../policy/rules/builds.js";
import { describeRule, resource, withUnknown } from "./support/cases.js";

const project = (
  { buildspec = "docker build .", privilegedMode = true }: { buildspec?: string; privilegedMode?: boolean },
  more: { concurrentBuildLimit?: number; projectVisibility?: string } = { concurrentBuildLimit: 1 },
) =>
  resource("aws:codebuild/project:Project", {
    source: { type: "NO_SOURCE", buildspec },
    environment: { type: "LINUX_CONTAINER", computeType: "BUILD_GENERAL1_MEDIUM", image: "i", privilegedMode },
    ...more,
  });

describeRule(buildsAreContained, {
  holds: [
    { what: "a privileged build that runs Docker", stack: [project({})] },
    { what: "a build that is not privileged", stack: [project({ buildspec: "make", privilegedMode: false })] },
  ],
  broken: [
    {
      what: "a privileged build without Docker",
      stack: [project({ buildspec: "make" })],
      says: /privileged, but its commands do not run docker/,
    },
    {
      what: "a privileged build whose commands are not known",
      stack: [
        {
          ...project({}),
          props: { ...project({}).props, source: withUnknown({ type: "NO_SOURCE", buildspec: "" }, "buildspec") },
        },
      ],
      says: /do not run docker/,
    },
    { what: "any number of builds", stack: [project({}, {})], says: /More than one build/ },
    {
      what: "a public project",
      stack: [project({}, { concurrentBuildLimit: 1, projectVisibility: "PUBLIC_READ" })],
      says: /Everybody can read/,
    },
  ],
});
