import type { Block } from '../columns.ts';
import type { ParquetFile } from '../encode/encoder.ts';
import type { EncoderLimits } from '../encode/limits.ts';
import type { Codec } from '../format/footer.ts';
import type { ParquetColumn } from '../format/schema.ts';
import type { ParquetErrorCode } from '../parquet-error.ts';

/** The settings of a file. */
export interface ThreadSettings extends Required<EncoderLimits> {
  readonly columns: readonly ParquetColumn[];
  readonly codec: Codec;
  readonly level: number | undefined;
}

/** Messages to the thread for each file: its beginning, any number of blocks, and its end or cancellation. The arrays of a block are in one buffer, which is shared or transferred. */
export type ToWorker =
  | { readonly kind: 'begin'; readonly settings: ThreadSettings }
  | { readonly kind: 'block'; readonly block: Block }
  /** Bytes of a file that were taken: their memory may be filled again. */
  | { readonly kind: 'memory'; readonly buffer: ArrayBuffer }
  | { readonly kind: 'end' }
  | { readonly kind: 'drop' };

/** Messages from the thread: one for each block, the bytes of the file in order, and one of the last three as the last message of the file. */
export type FromWorker =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** A block was copied or discarded, in the order in which blocks came: its shared memory is free. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'finished'; readonly file: ParquetFile }
  /** `code` is that of a ParquetError. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly code: ParquetErrorCode | undefined }
  | { readonly kind: 'dropped' };
