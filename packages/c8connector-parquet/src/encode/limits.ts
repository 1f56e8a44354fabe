import { ParquetError } from '../parquet-error.ts';

/** Rows and bytes at which a row group or a page ends. */
export interface EncoderLimits {
  /** Rows of a row group: all except the last have this many, unless they reach the limit of bytes first. 1 to 16,777,216; 122,880 unless given. */
  readonly rowGroupRows?: number;
  /** Bytes of the values of a row group in memory: the block that reaches this limit ends the group. Up to 1 GiB; 64 MiB unless given. */
  readonly rowGroupBytes?: number;
  /** Approximate bytes of a page, before compression. Up to 256 MiB; 1 MiB unless given. */
  readonly pageBytes?: number;
}

const mebibyte = 1024 * 1024;

const ranges = {
  rowGroupRows: { usual: 122_880, max: 16 * mebibyte },
  rowGroupBytes: { usual: 64 * mebibyte, max: 1024 * mebibyte },
  pageBytes: { usual: mebibyte, max: 256 * mebibyte },
} as const satisfies Readonly<Record<keyof EncoderLimits, { usual: number; max: number }>>;

/** The limits, completed with the defaults. Throws a ParquetError `settings_invalid` when one is out of range. */
export function checkedLimits(limits: EncoderLimits): Required<EncoderLimits> {
  const checked = (name: keyof EncoderLimits) => {
    const { usual, max } = ranges[name];
    const value = limits[name] ?? usual;
    if (Number.isInteger(value) && value >= 1 && value <= max) return value;
    throw new ParquetError('settings_invalid', `${name} is ${value}: it must be a whole number from 1 to ${max}.`);
  };
  return {
    rowGroupRows: checked('rowGroupRows'),
    rowGroupBytes: checked('rowGroupBytes'),
    pageBytes: checked('pageBytes'),
  };
}
