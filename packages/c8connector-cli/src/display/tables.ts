import { visible } from 'c8connector';
import Table from 'cli-table3';

export interface TableOptions {
  /** The most characters of a line. */
  readonly width: number;
  /** Indexes of the right-aligned columns: numbers. */
  readonly right?: readonly number[];
  /** The most characters of a cell. */
  readonly cell?: number;
  /** Whether texts that do not fit are wrapped instead of cut. */
  readonly isWrapped?: boolean;
}

const plainStyle = { head: [], border: [], compact: true };

/** The most characters of a line on this stream. */
export function terminalWidth(stream: NodeJS.WriteStream = process.stdout): number {
  const columns = stream.columns ?? Number(process.env.COLUMNS);
  return Number.isInteger(columns) && columns > 0 ? columns : 120;
}

/** A column that does not fit is cut if at least this many characters of it can be shown. */
const leastWidth = 20;

/**
 * A table for people, which ends with a newline. Long cells are cut; columns that do not fit are listed below the table. Control characters are
 * escaped, because text from a database must not control a terminal.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], options: TableOptions): string {
  const widest = options.isWrapped === true ? Number.POSITIVE_INFINITY : Math.max(4, options.width - 4);
  const cell = Math.min(options.cell ?? widest, widest);
  const cut = [head, ...rows].map((row) => row.map((text) => cutText(visible(text), cell)));
  const widths = columnWidths(cut, head.length, options.width);
  const drawn = draw(cut, widths, options.right ?? [], options.isWrapped);
  const hidden = head.slice(widths.length);
  if (hidden.length === 0) return `${drawn}\n`;
  const note = `and ${hidden.length} more column${hidden.length === 1 ? '' : 's'}: ${hidden.map((name) => visible(name)).join(', ')}`;
  return `${drawn}\n${cutText(note, options.width)}\n`;
}

/** The widths of the columns that fit into a line. Each column is drawn alone to measure it, since only the table library knows how wide a character is. */
function columnWidths(rows: readonly (readonly string[])[], columns: number, width: number): readonly number[] {
  const widths: number[] = [];
  let left = width - 1;
  for (let column = 0; column < columns; column += 1) {
    const alone = draw(
      rows.map((row) => [row[column] ?? '']),
      [null],
      [],
    );
    const wanted = alone.indexOf('\n') - 2;
    if (wanted + 1 > left && column > 0 && left <= leastWidth) break;
    widths.push(Math.min(wanted, left - 1));
    left -= wanted + 1;
    if (left <= 0) break;
  }
  return widths;
}

function draw(
  rows: readonly (readonly string[])[],
  widths: readonly (number | null)[],
  right: readonly number[],
  isWrapped = false,
): string {
  const [head = [], ...body] = rows.map((row) => row.slice(0, widths.length));
  const drawn = new Table({
    head,
    style: plainStyle,
    wordWrap: isWrapped,
    colWidths: [...widths],
    colAligns: head.map((_, index) => (right.includes(index) ? 'right' : 'left')),
  });
  drawn.push(...body);
  return drawn.toString();
}

function cutText(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
