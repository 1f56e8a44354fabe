import { visible } from 'c8connector';
import Table from 'cli-table3';

export interface TableOptions {
  /** Characters that a line may have. */
  readonly width: number;
  /** Indexes of the columns that are at the right: numbers. */
  readonly right?: readonly number[];
  /** Characters of a cell at most. */
  readonly cell?: number;
  /** Texts that do not fit go on in the next line instead of being cut. */
  readonly isWrapped?: boolean;
}

const plainStyle = { head: [], border: [], compact: true };

/** Characters that a line of stdout may have. */
export function terminalWidth(stream: NodeJS.WriteStream = process.stdout): number {
  const columns = stream.columns ?? Number(process.env.COLUMNS);
  return Number.isInteger(columns) && columns > 0 ? columns : 120;
}

/** A column that does not fit as a whole is cut if so much of it can be shown. */
const leastWidth = 20;

/**
 * A table for people that ends with a newline. Long cells are cut; the columns that do not fit beside each other are named below it. Control characters are
 * written as escapes, for what is in a database must not steer a terminal.
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

/** The widths of the columns that fit into a line. Each is drawn alone, since only the table knows how wide a character is. */
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
