/** Items up to a failure, which ends them like a good end once `onFailure` has the error: what came before can be flushed and acknowledged. */
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
