/** Columns of typed arrays to Parquet, encoded in a worker thread. */
export { type Compress, codecLevel, loadCodec } from './codec/codec.ts';
export {
  type Block,
  type BooleanValues,
  type BytesValues,
  type ColumnType,
  type ColumnValues,
  type Decimal128Values,
  type DoubleValues,
  type Int32Values,
  type Int64Values,
  type Layout,
  type ListValues,
  layoutOf,
} from './columns.ts';
export {
  createParquetEncoder,
  type EncoderOptions,
  type ParquetEncoder,
  type ParquetFile,
} from './encode/encoder.ts';
export type { EncoderLimits } from './encode/limits.ts';
export type { Codec } from './format/footer.ts';
export type { ParquetColumn } from './format/schema.ts';
export { ParquetError, type ParquetErrorCode } from './parquet-error.ts';
export {
  openParquetThreads,
  openParquetWriter,
  type ParquetThreads,
  type ParquetWriter,
  type ParquetWriterOptions,
} from './worker/open-parquet-writer.ts';
export type { Sink } from './worker/ordered-sink.ts';
