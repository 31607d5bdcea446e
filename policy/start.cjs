// Pulumi loads a policy pack by `require`, and hands it no arguments of Node: tsx is registered here, then the pack loaded.
require("tsx/esm/api").register();
module.exports = import("./pack.ts");
