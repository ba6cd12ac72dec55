/** Questions to many accounts, a few at a time: each is a session and a connection of its own, and STS takes few calls a second. */

/** Questions that are open at the same time. */
export const MOST_AT_ONCE = 8;

/** Maps in order, with at most so many calls open. The first failure ends it; calls that are open then are not waited for. */
export async function inTurn<T, U>(
  items: readonly T[],
  ask: (item: T) => Promise<U>,
  most = MOST_AT_ONCE,
): Promise<readonly U[]> {
  const answers = new Array<U>(items.length);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const at = next;
      next += 1;
      answers[at] = await ask(items[at]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  return answers;
}
