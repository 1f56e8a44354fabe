import { isUtf8 } from 'node:buffer';
import type { ColumnValues, SubMicroseconds } from '../../interface/columns.ts';
import { ConnectorError } from '../../interface/errors.ts';
import type { StreamSchema } from '../../interface/stream.ts';
import { columnTyper } from '../column-type.ts';
import { eachRecord } from '../lines.ts';
import { recordReader } from '../record-reader.ts';
import { absentColumns } from './absent-columns.ts';
import { builtColumn, columnBuilder, columnBuilderOver, putNull } from './column-builder.ts';
import { type ColumnMemory, takeColumns } from './column-memory.ts';
import type { Misfit } from './misfit.ts';
import { putJson } from './put-json.ts';

/** The content of lines as columns. */
export interface LinesAsColumns {
  /** In the order of the schema; an absent key is null. */
  readonly columns: readonly ColumnValues[];
  /** For each row the list of its absent keys; undefined when there are none. */
  readonly absent: ColumnValues | undefined;
}

interface ColumnOptions {
  readonly subMicroseconds?: SubMicroseconds | undefined;
  /** Where the arrays come from, if there are any. */
  readonly memory?: ColumnMemory | undefined;
}

/**
 * Converts lines to columns. When a column cannot hold a value with all its digits, the result is a {@link Misfit} instead. Throws a ConnectorError `contract_broken` when the
 * lines do not match the schema.
 */
export function columnsOfLines(
  lines: Uint8Array,
  count: number,
  schema: StreamSchema,
  { subMicroseconds, memory }: ColumnOptions = {},
): LinesAsColumns | Misfit {
  if (!isUtf8(lines)) throw new ConnectorError('The lines of a batch are not UTF-8.', { code: 'contract_broken' });
  const reader = recordReader(schema);
  const typeOf = columnTyper(schema);
  const used = memory && takeColumns(memory, schema);
  const builders = Object.values(schema.properties).map((property, index) => {
    const [type, again] = [typeOf(property), used?.[index]];
    return again === undefined
      ? columnBuilder(type, count, subMicroseconds)
      : columnBuilderOver(type, again, count, subMicroseconds);
  });
  const absent = absentColumns(reader.columns, count);
  let misfit: Misfit | undefined;
  eachRecord(lines, reader, (lineStart, lineEnd) => {
    if (misfit !== undefined) return;
    for (let index = 0; index < builders.length; index++) {
      const builder = builders[index];
      const start = reader.starts[index] ?? -1;
      if (builder === undefined) continue;
      if (start < 0) {
        putNull(builder);
        absent.add(index);
        continue;
      }
      const end = reader.ends[index] ?? start;
      if (putJson(builder, lines, start, end)) continue;
      const column = reader.columns[index] ?? '';
      misfit = { column, json: lines.subarray(start, end), line: lines.subarray(lineStart, lineEnd) };
      return;
    }
    absent.endRow();
  });
  return misfit ?? { columns: builders.map(builtColumn), absent: absent.built() };
}
