import { inflated } from './compressed.ts';
import type { EventBytes } from './event-bytes.ts';
import type { RawEvent } from './event-header.ts';
import { eventTypes as e } from './event-types.ts';
import type { LogRows } from './events.ts';
import { contentOf } from './file-events.ts';

/** What a type of rows events has. */
interface RowsForm {
  readonly operation: LogRows['operation'];
  /** Version 2 has a part whose length comes first. */
  readonly hasExtra: boolean;
  readonly isCompressed: boolean;
  readonly isPartial: boolean;
}

const forms: ReadonlyMap<number, RowsForm> = new Map(
  (
    [
      [e.writeRowsV1, e.writeRows, e.writeRowsCompressedV1, e.writeRowsCompressed, 'insert'],
      [e.updateRowsV1, e.updateRows, e.updateRowsCompressedV1, e.updateRowsCompressed, 'update'],
      [e.deleteRowsV1, e.deleteRows, e.deleteRowsCompressedV1, e.deleteRowsCompressed, 'delete'],
    ] as const
  ).flatMap(([v1, v2, compressedV1, compressed, operation]): [number, RowsForm][] => [
    [v1, { operation, hasExtra: false, isCompressed: false, isPartial: false }],
    [v2, { operation, hasExtra: true, isCompressed: false, isPartial: false }],
    [compressedV1, { operation, hasExtra: false, isCompressed: true, isPartial: false }],
    [compressed, { operation, hasExtra: true, isCompressed: true, isPartial: false }],
    [e.partialUpdateRows, { operation: 'update', hasExtra: true, isCompressed: false, isPartial: true }],
  ]),
);

/** The rows of a table that a statement changed, or some of them; undefined for another type of event. */
export function readRows(raw: RawEvent): LogRows | undefined {
  const form = forms.get(raw.type);
  if (form === undefined) return undefined;
  const { operation, hasExtra, isCompressed, isPartial } = form;
  const content = contentOf(raw);
  const tableId = content.u48();
  content.skip(2);
  if (hasExtra) content.skip(content.u16() - 2);
  const count = content.packed();
  const first = readPresent(content, count);
  const after = operation === 'update' ? readPresent(content, count) : operation === 'insert' ? first : undefined;
  const images = isCompressed ? inflated(content) : undefined;
  return {
    operation,
    tableId,
    bytes: images ?? content.bytes,
    start: images === undefined ? content.at : 0,
    end: images?.length ?? content.end,
    before: operation === 'insert' ? undefined : first,
    after,
    isPartial,
  };
}

/** A bit for each column that the images contain. Spare bits have no meaning. */
function readPresent(content: EventBytes, count: number): readonly boolean[] {
  const bits = content.take((count + 7) >> 3);
  return Array.from({ length: count }, (_, index) => ((bits[index >> 3] as number) & (1 << (index & 7))) !== 0);
}
