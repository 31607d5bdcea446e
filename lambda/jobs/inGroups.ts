/** Items that are worked on at the same time. */
const AT_A_TIME = 10;

/** Time left at which a sweep ends early, in milliseconds. */
const LEFT_MS = 10_000;

/** Works on items some at a time, until they or the time end. */
export async function inGroups<Item>(
  items: readonly Item[],
  leftMs: () => number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < items.length && leftMs() > LEFT_MS; start += AT_A_TIME) {
    await Promise.all(items.slice(start, start + AT_A_TIME).map(work));
  }
}
