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
  /** Compresses a page: what `loadCodec` gives for the codec. */
  readonly compress: (page: Uint8Array) => Uint8Array;
  /** Takes the bytes of the file, in order. They are its own. */
  readonly output: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/** What a file holds, by its footer. */
export interface ParquetFile {
  readonly rows: number;
  readonly rowGroups: number;
  /** Of the whole file. */
  readonly bytes: number;
}

/** Columns to Parquet, without a thread of its own and without I/O. Once a call has thrown, the file cannot be used. */
export interface ParquetEncoder {
  /** Takes over a block, which the caller may fill again. Row groups that are full go to the output. */
  add(block: Block): void;
  /** Writes what is left and the footer. To be called once. */
  finish(): ParquetFile;
  /** What it has allocated, for the encoder of another file to use, once this one is not used any more. */
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

/** A ParquetError `columns_invalid` or `settings_invalid` when no file can be so. `after` is an encoder that is not used any more: its memory is taken over. */
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
  // The output may transfer them: then they have no length any more.
  state.bytes += bytes.length;
  state.options.output(bytes);
}

/** Column by column, each of which is given on before the next one is encoded. */
function writeRowGroup(state: State): void {
  const { leaves, chunks, footer, options } = state;
  const rows = rowsOf(leaves);
  if (rows === 0) return;
  const offset = state.bytes;
  const written = leaves.map((leaf) => {
    const chunk = encodeChunk(chunks, leaf);
    write(state, chunks.chunk.bytes.slice(0, chunks.chunk.length));
    emptyLeaf(leaf);
    return chunk;
  });
  trimChunkEncoder(chunks);
  addRowGroup(footer, rows, written, options.codec, offset);
}
