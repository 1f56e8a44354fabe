import { endianness } from 'node:os';
import type { Block } from '../columns.ts';
import { addRowGroup, type Codec, type Footer, footerBytes, magic, newFooter } from '../format/footer.ts';
import { checkColumns, leafColumn, type ParquetColumn } from '../format/schema.ts';
import { ParquetError } from '../parquet-error.ts';
import { appendRows } from './append-rows.ts';
import { checkBlock } from './check-block.ts';
import { type ChunkEncoder, encodeChunk, newChunkEncoder, trimChunkEncoder } from './column-chunk.ts';
import { emptyLeaf, type Leaf, leafBytes, newLeaf } from './leaf.ts';
import { checkedLimits, type EncoderLimits } from './limits.ts';

export interface EncoderOptions extends EncoderLimits {
  readonly columns: readonly ParquetColumn[];
  readonly codec: Codec;
  /** Compresses a page: the result of `loadCodec`. */
  readonly compress: (page: Uint8Array) => Uint8Array;
  /** Receives the bytes of the file, in order. They are valid until it returns. */
  readonly output: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/** The counts of a file, from its footer. */
export interface ParquetFile {
  readonly rows: number;
  readonly rowGroups: number;
  /** Bytes of the whole file. */
  readonly bytes: number;
}

/** Encodes columns to Parquet on the calling thread, without I/O. After a call has thrown, the file is unusable. */
export interface ParquetEncoder {
  /** Copies a block, which the caller may then reuse. Full row groups are passed to the output. */
  add(block: Block): void;
  /** Writes the rest and the footer. To be called once. */
  finish(): ParquetFile;
  /** Its allocated memory, for the encoder of another file to reuse once this one is no longer used. */
  readonly memory: EncoderMemory;
}

/** Arrays that have grown. */
interface EncoderMemory {
  readonly chunks: ChunkEncoder;
  readonly leaves: readonly Leaf[];
}

interface State {
  readonly options: EncoderOptions;
  readonly chunks: ChunkEncoder;
  readonly leaves: readonly Leaf[];
  readonly footer: Footer;
  bytes: number;
}

/** Throws a ParquetError `columns_invalid` or `settings_invalid` when such a file is impossible. `after` is an encoder that is no longer used: its memory is reused. */
export function createParquetEncoder(options: EncoderOptions, after?: ParquetEncoder): ParquetEncoder {
  const { columns } = options;
  const { rowGroupRows, rowGroupBytes, pageBytes } = checkedLimits(options);
  checkColumns(columns);
  if (endianness() !== 'LE') throw new ParquetError('settings_invalid', 'This machine is not little-endian.');
  const leaves = columns.map((column, index) => newLeaf(leafColumn(column), after?.memory.leaves[index]));
  const chunks = newChunkEncoder(options.compress, pageBytes, after?.memory.chunks);
  const state: State = { options, chunks, leaves, footer: newFooter(), bytes: 0 };
  write(state, magic.slice());
  return {
    add(block) {
      checkBlock(block, columns);
      let from = 0;
      while (from < block.rows) {
        const to = Math.min(block.rows, from + rowGroupRows - rowsOf(leaves));
        leaves.forEach((leaf, index) => {
          const values = block.columns[index];
          if (values !== undefined) appendRows(leaf, values, from, to);
        });
        from = to;
        if (rowsOf(leaves) === rowGroupRows) writeRowGroup(state);
      }
      if (leaves.reduce((sum, leaf) => sum + leafBytes(leaf), 0) >= rowGroupBytes) writeRowGroup(state);
    },
    finish() {
      writeRowGroup(state);
      write(state, footerBytes(state.footer, columns));
      return { rows: state.footer.rows, rowGroups: state.footer.rowGroups, bytes: state.bytes };
    },
    memory: { chunks, leaves },
  };
}

function rowsOf([leaf]: readonly Leaf[]): number {
  return leaf?.rows ?? 0;
}

function write(state: State, bytes: Uint8Array<ArrayBuffer>): void {
  state.bytes += bytes.length;
  state.options.output(bytes);
}

/** Writes column by column: each is passed to the output before the next one is encoded. */
function writeRowGroup(state: State): void {
  const { leaves, chunks, footer, options } = state;
  const rows = rowsOf(leaves);
  if (rows === 0) return;
  const offset = state.bytes;
  const written = leaves.map((leaf) => {
    const chunk = encodeChunk(chunks, leaf);
    write(state, chunks.chunk.bytes.subarray(0, chunks.chunk.length));
    emptyLeaf(leaf);
    return chunk;
  });
  trimChunkEncoder(chunks);
  addRowGroup(footer, rows, written, options.codec, offset);
}
