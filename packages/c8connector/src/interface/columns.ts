/** A byte for each value, 1 where it is null; absent when none is. A null has a place among the values all the same: any number, no bytes, no items. */
interface Nullable {
  readonly nulls?: Uint8Array<ArrayBuffer>;
}

/**
 * The values of one column of some rows, in their order, laid out by the type of the column. An array may be longer than needed: what is after the last value does not count.
 */
export type ColumnValues = Nullable &
  (
    | { readonly kind: 'boolean' /** A byte for each value: 0 is false. */; readonly values: Uint8Array<ArrayBuffer> }
    /** Integers up to 32 bits; dates as days since 1970-01-01. */
    | { readonly kind: 'int32'; readonly values: Int32Array<ArrayBuffer> }
    /**
     * Two words for each value, the lower one first, in two's complement: integers up to 64 bits, decimals up to 18 digits without their point, date-times as microseconds since
     * 1970-01-01T00:00:00Z.
     */
    | { readonly kind: 'int64'; readonly values: Int32Array<ArrayBuffer> }
    /** Numbers of 4 and of 8 bytes alike. */
    | { readonly kind: 'double'; readonly values: Float64Array<ArrayBuffer> }
    /** 16 bytes for each value, big-endian, in two's complement: decimals of 19 to 38 digits without their point. */
    | { readonly kind: 'decimal128'; readonly values: Uint8Array<ArrayBuffer> }
    /** The bytes of all values, and for each value where its bytes end. Text is UTF-8. What has no other layout is its text, and JSON is as it was written. */
    | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer>; readonly ends: Int32Array<ArrayBuffer> }
    /** The items of all lists, and for each list the number of the item after its last one. */
    | { readonly kind: 'list'; readonly ends: Int32Array<ArrayBuffer>; readonly items: ColumnValues }
  );

/**
 * What becomes of digits below a microsecond, which no column of times holds: it is an error, they are cut off, or the nearest microsecond is taken (half of one upwards). Null is none of them: a
 * whole moment would be lost for its seventh digit, and a key has none.
 */
export type SubMicroseconds = 'fail' | 'truncate' | 'round';
