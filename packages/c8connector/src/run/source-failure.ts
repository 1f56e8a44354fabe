/** Marks an error of the source: unlike those of the target and the state store, it need not concern all streams. */
export class SourceFailure extends Error {
  /** Whether it is a failure of the log, which does not concern streams that are read without it. */
  readonly isOfLog: boolean;

  constructor(cause: unknown, { isOfLog = false }: { readonly isOfLog?: boolean } = {}) {
    super('the source failed', { cause });
    this.isOfLog = isOfLog;
  }
}

/** Resolves as `call` does, and marks its errors as failures of the source. */
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

/** The original error. */
export function failureOf(thrown: unknown): unknown {
  return thrown instanceof SourceFailure ? thrown.cause : thrown;
}
