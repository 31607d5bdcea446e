export { modelDataOf } from "./modelData.js";
export { modelEndpoint } from "./modelEndpoint.js";
export { versionEndpoints, versionWeights } from "./versionEndpoints.js";
