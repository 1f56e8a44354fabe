import { type ColumnValues, misfitError, type RecordsMessage, type SubMicroseconds, stringifyValue } from 'c8connector';

/** The batch and the column of the times, for messages about them. */
interface TimesOf {
  readonly batch: RecordsMessage;
  readonly column: string;
  readonly keyProperties: readonly string[];
  readonly subMicroseconds: SubMicroseconds;
}

const time = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d+))?)?(?:Z|[+-]00(?::?00)?)?$/;

/** Times as microseconds since midnight. Throws a DataError `value_unstorable` for 24:00:00, also if a time is rounded up to it, for a time with an offset, and with the policy `fail` for one with digits below a microsecond. */
export function timeColumn(texts: ColumnValues, of: TimesOf): ColumnValues {
  if (texts.kind !== 'bytes') throw new Error('times are text');
  const { count } = of.batch;
  const values = new Int32Array(2 * count);
  const words = new BigInt64Array(values.buffer);
  for (let row = 0; row < count; row++) {
    if (texts.nulls?.[row] === 1) continue;
    const start = row === 0 ? 0 : (texts.ends[row - 1] as number);
    const text = Buffer.from(
      texts.bytes.buffer,
      texts.bytes.byteOffset + start,
      (texts.ends[row] as number) - start,
    ).toString();
    const microseconds = microsecondsOf(text, of.subMicroseconds);
    if (microseconds === undefined) throw unstorable(row, text, of);
    words[row] = microseconds;
  }
  return { kind: 'int64', values, ...(texts.nulls === undefined ? {} : { nulls: texts.nulls }) };
}

function microsecondsOf(text: string, policy: SubMicroseconds): bigint | undefined {
  const [, hours, minutes, seconds = '0', fraction = ''] = time.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  const cut = BigInt(whole) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  if (!/[1-9]/.test(fraction.slice(6)) || policy === 'truncate') return cut;
  if (policy === 'fail') return undefined;
  const rounded = fraction.charAt(6) >= '5' ? cut + 1n : cut;
  return rounded < microsecondsOfDay ? rounded : undefined;
}

const microsecondsOfDay = 86_400_000_000n;

function unstorable(row: number, text: string, { batch, column, keyProperties }: TimesOf): Error {
  const encode = (value: unknown) => new TextEncoder().encode(stringifyValue(value));
  const { stream, schema } = batch;
  return misfitError(
    { column, json: encode(text), line: encode(batch.rows()[row]) },
    {
      stream,
      schema,
      keyProperties,
      wanted: 'a time before 24:00, in UTC or without a zone, with at most six fractional digits',
      remedy:
        'Set time_type to text, which holds every time, or sub_microseconds to truncate or round for digits below a microsecond.',
    },
  );
}
