import type { Page } from './source-definition.ts';

/** The same pages without the columns that were deselected: an author may give whole rows. Lines hold the selected columns alone anyway. */
export async function* leaveOutColumns(
  pages: AsyncIterable<Page> | Iterable<Page>,
  deselected: ReadonlySet<string>,
): AsyncGenerator<Page> {
  for await (const page of pages) {
    if ('lines' in page) {
      yield page;
      continue;
    }
    const rows = page.rows.map((row) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => !deselected.has(name))),
    );
    yield { ...page, rows };
  }
}
