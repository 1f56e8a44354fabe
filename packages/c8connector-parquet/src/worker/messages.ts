import type { Block } from '../columns.ts';
import type { ParquetFile } from '../encode/encoder.ts';
import type { EncoderLimits } from '../encode/limits.ts';
import type { Codec } from '../format/footer.ts';
import type { ParquetColumn } from '../format/schema.ts';
import type { ParquetErrorCode } from '../parquet-error.ts';

/** What a file is begun with. */
export interface ThreadSettings extends Required<EncoderLimits> {
  readonly columns: readonly ParquetColumn[];
  readonly codec: Codec;
  readonly level: number | undefined;
}

/** What goes to the thread of each file: its beginning, any number of blocks, and its end, or that nobody wants it any more. The arrays of a block lie in one memory, which is shared or came with it. */
export type ToWorker =
  | { readonly kind: 'begin'; readonly settings: ThreadSettings }
  | { readonly kind: 'block'; readonly block: Block }
  | { readonly kind: 'end' }
  | { readonly kind: 'drop' };

/** What comes back: a word for each block, the bytes of the file in their order, and one of the last three, after which nothing comes of the file any more. */
export type FromWorker =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** A block was taken over, or is not wanted, in the order in which they came: shared memory is free. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'finished'; readonly file: ParquetFile }
  /** `code` is that of a ParquetError. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly code: ParquetErrorCode | undefined }
  | { readonly kind: 'dropped' };
