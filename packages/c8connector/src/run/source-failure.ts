/** Marks what the source of a unit failed with: the target, and where the state is kept, fail for all streams. */
export class SourceFailure extends Error {
  /** Whether it is a failure of the log, which streams that are read without it do not meet. */
  readonly isOfLog: boolean;

  constructor(cause: unknown, { isOfLog = false }: { readonly isOfLog?: boolean } = {}) {
    super('the source failed', { cause });
    this.isOfLog = isOfLog;
  }
}

/** Resolves as `call` does, and marks what it rejects with as a failure of the source. */
export async function ofSource<T>(
  call: () => Promise<T> | T,
  options: { readonly isOfLog?: boolean } = {},
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw new SourceFailure(error, options);
  }
}

/** The error itself. */
export function failureOf(thrown: unknown): unknown {
  return thrown instanceof SourceFailure ? thrown.cause : thrown;
}
