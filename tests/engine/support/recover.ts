import { expect } from "chai";
import { recoveryCommands } from "../../../commands/recover/recoveryCommands.js";
import { runAwsCli } from "./awsCli.js";
import type { Deployment } from "./deployment.js";

/** Runs the commands that `npm run recover` prints, each as it is printed. */
export async function recover(live: Deployment): Promise<void> {
  const commands = recoveryCommands(live.stackName, await live.exported()).filter((line) => !line.startsWith("#"));
  const [first, last] = [commands.shift(), commands.pop()];
  expect([first, last]).to.deep.equal([
    `pulumi cancel --yes --stack ${live.stackName}`,
    `pulumi refresh --clear-pending-creates --yes --stack ${live.stackName}`,
  ]);
  await live.cancel();
  runAwsCli(live.cloud, commands);
  const { messages } = await live.refresh();
  expect(messages).to.deep.equal([]);
}
