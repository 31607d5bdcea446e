/** Plans the default stack in this process and prints the seconds that this took, imports included. */
const started = performance.now();
const [{ plannedHandlers }, { runProgram }, { DEFAULT_REGION, stackConfig }] = await Promise.all([
  import("../../local/program/plannedOutputs.js"),
  import("../../local/program/runProgram.js"),
  import("../../local/program/stackConfig.js"),
]);
await runProgram({
  stack: "default",
  config: stackConfig(),
  handlers: plannedHandlers({ region: DEFAULT_REGION }),
});
console.log((performance.now() - started) / 1000);
