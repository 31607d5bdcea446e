// Pulumi loads a policy pack by `require`, and hands Node no arguments: tsx is registered here, then the pack imported.
module.exports = import("tsx/esm/api").then(({ register }) => {
  register();
  return import("./pack.ts");
});
