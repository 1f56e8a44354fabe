import {
  columnType,
  eachRecord,
  misfitError,
  type RecordsMessage,
  recordReader,
  unescaped,
  type ValueSchema,
} from 'c8connector';
import { addEscapedText, addText, type CsvBuffer, csvBuffer, endRow, separateCells } from './csv-cells.ts';
import type { FileDescription } from './format.ts';
import type { TextEncoding } from './text-format.ts';
import { hasUnchangedColumn, unchangedColumn } from './unchanged-column.ts';

/** Writes the rows of a file as CSV. */
interface CsvRows {
  addHeader(out: CsvBuffer): void;
  addRows(out: CsvBuffer, batch: RecordsMessage): void;
}

/**
 * CSV as in RFC 4180, with a header in each object. NULL is an empty cell without quotes, and an empty text is "". Lists, objects and JSON columns are written as JSON, all other values as their text.
 */
export function csv({ escapesFormulas }: { readonly escapesFormulas: boolean }): TextEncoding {
  const known = new WeakMap<FileDescription, CsvRows>();
  const rowsOf = (file: FileDescription) => {
    const found = known.get(file) ?? csvRows(file, escapesFormulas ? addEscapedText : addText);
    known.set(file, found);
    return found;
  };
  function encode(file: FileDescription, batch: RecordsMessage, isFirst: boolean): Uint8Array {
    const rows = rowsOf(file);
    const out = csvBuffer(batch.bytes + 1024);
    if (isFirst) rows.addHeader(out);
    rows.addRows(out, batch);
    return out.bytes.subarray(0, out.length);
  }
  return {
    extension: 'csv',
    contentType: 'text/csv',
    leavesOutPathColumns: true,
    encode,
    check: (file, batch) => void encode(file, batch, false),
  };
}

function csvRows(file: FileDescription, addCell: typeof addText): CsvRows {
  const properties = Object.entries(file.schema.properties ?? {});
  return properties.length === 0 ? wholeRows(addCell) : columnRows(file, properties, addCell);
}

/** For a schema without columns: one column with the whole row as JSON. */
function wholeRows(addCell: typeof addText): CsvRows {
  return {
    addHeader: (out) => addRow(out, ['_record'], addCell),
    addRows(out, batch) {
      const reader = recordReader(batch.schema);
      const lines = batch.with('number').lines();
      eachRecord(lines, reader, (start, end) => {
        addText(out, lines, start, end);
        endRow(out);
      });
    },
  };
}

function columnRows(
  { stream, schema, keyProperties }: FileDescription,
  properties: readonly (readonly [string, ValueSchema])[],
  addCell: typeof addText,
): CsvRows {
  const reader = recordReader(schema);
  const columns = properties.map(([name]) => name);
  const isJson = properties.map(([, property]) => columnType(property, schema).kind === 'json');
  const namesUnchanged = hasUnchangedColumn(schema);
  const wanted = 'valid text: it contains half of a surrogate pair';

  /** Returns false for a value that CSV cannot store. */
  function addValue(out: CsvBuffer, index: number, lines: Uint8Array, start: number, end: number): boolean {
    const first = lines[start] as number;
    if (first === letterN) return true;
    if (first !== quote || isJson[index]) {
      // Numbers, lists, objects, and all values of a JSON column.
      addText(out, lines, start, end);
      return true;
    }
    const text = unescaped(lines, start, end);
    if (text !== undefined) addCell(out, text, 0, text.length);
    return text !== undefined;
  }

  function addUnchanged(out: CsvBuffer): void {
    const absent = columns.filter((_, index) => (reader.starts[index] ?? -1) < 0);
    const list = Buffer.from(JSON.stringify(absent));
    separateCells(out);
    addText(out, list, 0, list.length);
  }

  return {
    addHeader: (out) => addRow(out, [...columns, ...(namesUnchanged ? [unchangedColumn] : [])], addCell),
    addRows(out, batch) {
      const lines = batch.with('number').lines();
      eachRecord(lines, reader, (lineStart, lineEnd) => {
        for (let index = 0; index < columns.length; index++) {
          if (index > 0) separateCells(out);
          const start = reader.starts[index] ?? -1;
          if (start < 0) continue;
          const end = reader.ends[index] ?? start;
          if (addValue(out, index, lines, start, end)) continue;
          const line = lines.subarray(lineStart, lineEnd);
          const misfit = { column: columns[index] ?? '', json: lines.subarray(start, end), line };
          throw misfitError(misfit, { stream, schema, keyProperties, wanted });
        }
        if (namesUnchanged) addUnchanged(out);
        endRow(out);
      });
    },
  };
}

const letterN = 0x6e;
const quote = 0x22;

function addRow(out: CsvBuffer, texts: readonly string[], addCell: typeof addText): void {
  for (const [index, text] of texts.entries()) {
    if (index > 0) separateCells(out);
    const bytes = Buffer.from(text);
    addCell(out, bytes, 0, bytes.length);
  }
  endRow(out);
}
