import { CreateStreamCommand } from "@aws-sdk/client-kinesis";
import { nested, number, text } from "./properties.js";
import type { CreateTable } from "./types.js";

/** Streams of Kinesis. The emulator does not encrypt, and never expires a record. */
export const kinesisResources: CreateTable = {
  "aws:kinesis/stream:Stream": async ({ id, state }, { aws }) => {
    const onDemand = text(nested(state, "streamModeDetails"), "streamMode") === "ON_DEMAND";
    await aws.kinesis.send(
      new CreateStreamCommand({
        StreamName: id,
        ...(onDemand
          ? { StreamModeDetails: { StreamMode: "ON_DEMAND" } }
          : { ShardCount: number(state, "shardCount", 1) }),
      }),
    );
    return {};
  },
};
