/** Marks what the source of a unit failed with: the target, and where the state is kept, fail for all streams. */
export class SourceFailure extends Error {
  constructor(cause: unknown) {
    super('the source failed', { cause });
  }
}

/** The error itself. */
export function failureOf(thrown: unknown): unknown {
  return thrown instanceof SourceFailure ? thrown.cause : thrown;
}
