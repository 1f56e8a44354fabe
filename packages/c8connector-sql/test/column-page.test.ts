import { type ColumnBuilder, type Page, putInt32 } from 'c8connector';
import { expect, test } from 'vitest';
import {
  addRowPage,
  type ColumnPages,
  columnPages,
  endColumnRow,
  makeRowRoom,
  takeColumnPage,
  takeColumnRest,
} from '../src/column-page.ts';

type Columns = Extract<Page, { readonly columns: unknown }>;

const type = { kind: 'integer', minimum: -2147483648n, maximum: 2147483647n } as const;

function addRow(pages: ColumnPages, value: number, size = 10): void {
  makeRowRoom(pages);
  put(pages, value);
  endColumnRow(pages, size);
}

function put(pages: ColumnPages, value: number): void {
  const builder = pages.builders[0] as ColumnBuilder;
  builder.count = pages.count;
  const text = Buffer.from(String(value));
  expect(putInt32(builder, text, 0, text.length)).toBe(true);
}

function valuesOf(page: Page | undefined): readonly number[] {
  if (page === undefined || !('columns' in page)) return [];
  const [column] = page.columns;
  return column?.kind === 'int32' ? [...column.values.subarray(0, page.count)] : [];
}

function numbers(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

test('many rows come whole and in order, 8,192 to a page', () => {
  const pages = columnPages([type]);
  const taken: (readonly number[])[] = [];
  for (const value of numbers(0, 20_000)) {
    addRow(pages, value);
    const page = takeColumnPage(pages);
    if (page !== undefined) taken.push(valuesOf(page));
  }
  taken.push(valuesOf(takeColumnRest(pages)));
  expect(taken.map(({ length }) => length)).toEqual([8192, 8192, 20_000 - 2 * 8192]);
  expect(taken.flat()).toEqual(numbers(0, 20_000));
  expect(takeColumnRest(pages)).toBeUndefined();
});

test('long rows end a page after a megabyte', () => {
  const pages = columnPages([type]);
  for (const value of numbers(0, 5)) addRow(pages, value, 400_000);
  expect(valuesOf(takeColumnPage(pages))).toEqual([0, 1, 2]);
  expect(valuesOf(takeColumnRest(pages))).toEqual([3, 4]);
});

test('a row that does not fit into the arrays is a page between the rows before it and those after it', () => {
  const pages = columnPages([type]);
  addRow(pages, 1);
  makeRowRoom(pages);
  put(pages, 2);
  addRowPage(pages, { rows: [{ n: 'two' }] });
  addRow(pages, 3);
  expect(valuesOf(takeColumnPage(pages))).toEqual([1]);
  expect(takeColumnPage(pages)).toEqual({ rows: [{ n: 'two' }] });
  expect(valuesOf(takeColumnRest(pages))).toEqual([3]);
});

test('the arrays of a page are reused once they were given back, and not before', () => {
  const pages = columnPages([type]);
  const pageOf = (value: number): Columns => {
    addRow(pages, value, 2_000_000);
    return takeColumnPage(pages) as Columns;
  };
  const bufferOf = ({ columns: [column] }: Columns) => column?.kind === 'int32' && column.values.buffer;
  const first = pageOf(1);
  const second = pageOf(2);
  first.reuse?.(first.columns);
  const others = [pageOf(3), pageOf(4)];
  expect(others.map(bufferOf)).toContain(bufferOf(first));
  expect(others.map(bufferOf)).not.toContain(bufferOf(second));
  expect(valuesOf(second)).toEqual([2]);
});
