/**
 * Runs something without its output.
 *
 * @param caught gets each text that it writes to standard output or standard error
 */
export async function caughtOutput<Value>(run: () => Promise<Value>, caught: (text: string) => void): Promise<Value> {
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write.bind(stream) }));
  for (const { stream } of streams) {
    stream.write = (text: string | Uint8Array) => {
      caught(typeof text === "string" ? text : Buffer.from(text).toString());
      return true;
    };
  }
  try {
    return await run();
  } finally {
    for (const { stream, write } of streams) stream.write = write;
  }
}
