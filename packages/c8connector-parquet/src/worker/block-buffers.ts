import type { Block, ColumnValues } from '../columns.ts';

/** The buffers of a block, each once, as a transfer wants them. */
export function blockBuffers(block: Block): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const values of block.columns) addBuffers(values, buffers);
  return [...buffers];
}

function addBuffers(values: ColumnValues, buffers: Set<ArrayBuffer>): void {
  if (values.nulls !== undefined) buffers.add(values.nulls.buffer);
  switch (values.kind) {
    case 'bytes':
      buffers.add(values.bytes.buffer);
      buffers.add(values.ends.buffer);
      break;
    case 'list':
      buffers.add(values.ends.buffer);
      addBuffers(values.items, buffers);
      break;
    default:
      buffers.add(values.values.buffer);
  }
}
