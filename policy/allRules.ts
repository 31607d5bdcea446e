import type { Rule } from "./rule.js";
import { apisAreAuthorized, apisAreLogged } from "./rules/apis.js";
import { bucketsAreGuarded, publicAccessBlocked, tlsOnly } from "./rules/buckets.js";
import { buildsAreContained } from "./rules/builds.js";
import { gpuCap, noTrackedScaleIn } from "./rules/cost.js";
import {
  bucketsAreEncrypted,
  grantsAreForServices,
  keysRotate,
  oneKeyForAll,
  queuesAreEncrypted,
  streamsAreEncrypted,
} from "./rules/encryption.js";
import { hostImageNamed, modelIsIsolated, outputStaysInStack, updatesAreSafe } from "./rules/endpoint.js";
import {
  functionsAreTraced,
  logsHaveRetention,
  noSecretsInEnvironment,
  writersHaveLogGroups,
} from "./rules/functions.js";
import { imagesAreFixed } from "./rules/images.js";
import { messagesAreSealed, networkIsClosed } from "./rules/network.js";
import { leastPrivilege, noLogGroupCreation } from "./rules/privileges.js";
import { tagsArePresent } from "./rules/tags.js";
import { noConfusedDeputy, noPublicAccess } from "./rules/trust.js";

/** Every rule of the pack. */
export const RULES: readonly Rule[] = [
  noPublicAccess,
  apisAreAuthorized,
  apisAreLogged,
  bucketsAreGuarded,
  publicAccessBlocked,
  tlsOnly,
  bucketsAreEncrypted,
  queuesAreEncrypted,
  streamsAreEncrypted,
  oneKeyForAll,
  keysRotate,
  grantsAreForServices,
  leastPrivilege,
  noLogGroupCreation,
  noConfusedDeputy,
  noSecretsInEnvironment,
  networkIsClosed,
  messagesAreSealed,
  gpuCap,
  noTrackedScaleIn,
  hostImageNamed,
  modelIsIsolated,
  imagesAreFixed,
  buildsAreContained,
  outputStaysInStack,
  updatesAreSafe,
  functionsAreTraced,
  logsHaveRetention,
  writersHaveLogGroups,
  tagsArePresent,
];
