/** The items up to a failure. The failure is passed to `onFailure` and ends the items normally, so that what came before can be flushed and acknowledged. */
export async function* untilFailure<T>(
  items: AsyncIterable<T>,
  onFailure: (error: unknown) => void,
): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    onFailure(error);
  }
}
