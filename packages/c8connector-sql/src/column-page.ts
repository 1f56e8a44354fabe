import {
  builtColumn,
  type ColumnBuilder,
  type ColumnType,
  type ColumnValues,
  columnBuilder,
  columnBuilderOver,
  type Page,
  reserveRows,
} from 'c8connector';

/**
 * Writes rows into typed arrays, one for each column, in pages of about a megabyte. Between `makeRowRoom` and `endColumnRow`, the values of a row are written to the arrays of `builders` at the index
 * `count`. What is written of a row that is not ended does not count.
 */
export interface ColumnPages {
  readonly types: readonly ColumnType[];
  /** The page that is being written. Their counts need not be current: `endColumnRow` counts the rows, since a count for each value would take a quarter of the time. */
  builders: readonly ColumnBuilder[];
  /** Rows in `builders`. */
  count: number;
  /** Bytes of these rows, in the server's format. */
  size: number;
  /** Rows that all builders have room for. */
  room: number;
  /** Capacity of a new page in rows: the size of the last one, since a page has only a few long rows. */
  nextRoom: number;
  readonly full: Page[];
  /** Arrays of pages that were given back; at most as many as pages are in use at once. */
  readonly used: (readonly ColumnValues[])[];
}

/** A page ends with the row that reaches one of these: rows, and bytes in the server's format. */
const pageRows = 8192;
const pageBytes = 1024 * 1024;
const mostUsed = 4;
/** Rows that the first page has room for before its arrays grow. */
const firstRoom = 512;

/** Empty pages, for rows with columns of these types in this order. */
export function columnPages(types: readonly ColumnType[]): ColumnPages {
  const builders = types.map((type) => columnBuilder(type, firstRoom));
  return { types, builders, count: 0, size: 0, room: 0, nextRoom: firstRoom, full: [], used: [] };
}

/** Makes room for one more row. */
export function makeRowRoom(pages: ColumnPages): void {
  if (pages.count >= pages.room) growRows(pages);
}

function growRows(pages: ColumnPages): void {
  pages.room = Math.max(pages.nextRoom, 2 * pages.room);
  for (const builder of pages.builders) {
    builder.count = pages.count;
    reserveRows(builder, pages.room);
  }
}

/** Ends a row, which has this many bytes in the server's format. */
export function endColumnRow(pages: ColumnPages, size: number): void {
  pages.count++;
  pages.size += size;
  if (pages.count >= pageRows || pages.size >= pageBytes) endPage(pages);
}

/** Adds a page of the row that is being written, because its values do not fit into the arrays. The rows before it become a page of their own. */
export function addRowPage(pages: ColumnPages, page: Page | undefined): void {
  // The arrays hold a part of the row.
  if (pages.count > 0) endPage(pages);
  else beginPage(pages);
  if (page !== undefined) pages.full.push(page);
}

/** The next full page, undefined when there is none yet. */
export function takeColumnPage(pages: ColumnPages): Page | undefined {
  return pages.full.shift();
}

/** The rows since the last full page as a page of their own, undefined when there are none. */
export function takeColumnRest(pages: ColumnPages): Page | undefined {
  if (pages.count > 0) endPage(pages);
  return pages.full.shift();
}

function endPage(pages: ColumnPages): void {
  const { builders, count, types, used } = pages;
  for (const builder of builders) builder.count = count;
  const reuse = (given: readonly ColumnValues[]): void => {
    if (used.length < mostUsed && given.length >= types.length) used.push(given);
  };
  pages.full.push({ columns: builders.map(builtColumn), count, reuse });
  pages.nextRoom = count;
  beginPage(pages);
}

function beginPage(pages: ColumnPages): void {
  const { types, nextRoom } = pages;
  const again = pages.used.pop();
  pages.builders =
    again === undefined
      ? types.map((type) => columnBuilder(type, nextRoom))
      : types.map((type, index) => columnBuilderOver(type, again[index] as ColumnValues, nextRoom));
  pages.room = 0;
  pages.count = 0;
  pages.size = 0;
}
