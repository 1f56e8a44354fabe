/** The numbers of parquet.thrift that are written here. */

export const physicalTypes = {
  boolean: 0,
  int32: 1,
  int64: 2,
  float: 4,
  double: 5,
  byteArray: 6,
  fixedLengthByteArray: 7,
} as const;

export const encodings = { plain: 0, rle: 3, rleDictionary: 8 } as const;

export const pageTypes = { data: 0, dictionary: 2 } as const;

export const codecs = { uncompressed: 0, snappy: 1, gzip: 2, zstd: 6 } as const;

/** Repetition types of a schema's element. */
export const repetitions = { optional: 1, repeated: 2 } as const;

export const convertedTypes = {
  utf8: 0,
  list: 3,
  decimal: 5,
  date: 6,
  timestampMicros: 10,
  int8: 15,
  int16: 16,
} as const;
