import { PolicyPack } from "@pulumi/policy";
import { RULES } from "./allRules.js";
import { toPolicy } from "./toPolicy.js";

new PolicyPack("amplify-vep", {
  description: "Privacy, encryption, least privilege, cost and traceability of an amplify-vep stack",
  enforcementLevel: "mandatory",
  policies: RULES.map(toPolicy),
});
