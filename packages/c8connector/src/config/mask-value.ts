/** How many levels of a value are copied. */
const deepest = 10;

/**
 * A copy of any value with every text in it masked, keys too: for the details of logs and for errors. Errors become plain objects with name, message, stack,
 * code, cause and their own properties; bytes become their length; circular references and levels below the tenth become a note.
 */
export function maskValue(value: unknown, mask: (text: string) => string): unknown {
  return masked(value, { mask, open: new Set() });
}

interface Walk {
  readonly mask: (text: string) => string;
  /** The objects that are being copied. */
  readonly open: Set<object>;
}

function masked(value: unknown, walk: Walk): unknown {
  if (typeof value === 'string') return walk.mask(value);
  if (typeof value === 'number') return walk.mask(String(value)) === String(value) ? value : walk.mask(String(value));
  if (typeof value === 'bigint') return walk.mask(String(value));
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (walk.open.has(value)) return '[circular]';
  if (walk.open.size >= deepest) return '[too deep]';
  walk.open.add(value);
  try {
    return maskedObject(value, walk);
  } catch {
    // A foreign getter or toJSON may throw, which must not fail the log line.
    return '[unreadable]';
  } finally {
    walk.open.delete(value);
  }
}

function maskedObject(value: object, walk: Walk): unknown {
  if (Array.isArray(value)) return value.map((item) => masked(item, walk));
  if (value instanceof Map) return [...value].map((entry) => masked(entry, walk));
  if (value instanceof Set) return [...value].map((item) => masked(item, walk));
  if (value instanceof Error) {
    const { name, message, stack, cause } = value;
    const errors = value instanceof AggregateError ? { errors: value.errors } : {};
    return maskedEntries(
      { ...value, ...errors, name, message, stack, ...(cause === undefined ? {} : { cause }) },
      walk,
    );
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') return masked(value.toJSON(), walk);
  return maskedEntries(value, walk);
}

function maskedEntries(value: object, walk: Walk): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [walk.mask(key), masked(item, walk)]));
}
