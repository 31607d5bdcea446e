import { recoveryCommands } from "../recover/recoveryCommands.js";

/** What `npm run recover` prints for a stack whose first endpoint was being created when the CLI was killed. */
export function recoveryExample(): string {
  const endpoint = {
    urn: "urn:pulumi:dev::amplify-vep::amplify-vep:index:AsyncEndpoint$aws:sagemaker/endpoint:Endpoint::dev-protein-agent-endpoint",
    type: "aws:sagemaker/endpoint:Endpoint",
    inputs: { name: "dev-protein-agent-endpoint" },
  };
  const state = { deployment: { pending_operations: [{ type: "creating", resource: endpoint }] } };
  return ["```sh", ...recoveryCommands("dev", state), "```"].join("\n");
}
