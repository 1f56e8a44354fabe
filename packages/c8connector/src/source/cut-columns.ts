import type { Log } from '../interface/log.ts';
import type { StreamSchema } from '../interface/stream.ts';
import type { Row } from '../interface/value.ts';
import { isFree } from '../jsonl/record-reader.ts';
import type { Page } from './source-definition.ts';

/** The declared and the selected columns of a stream. */
export interface CutRequest {
  readonly stream: string;
  /** All columns that the source declares. */
  readonly declared: StreamSchema;
  /** The selected columns. */
  readonly columns: readonly string[];
  readonly log: Log;
}

/**
 * Reduces a page to the selected columns, since an author may return whole rows. A column that no schema declares is logged once. A stream whose schema declares no columns keeps its rows as
 * they are. Lines and typed arrays contain only the selected columns by contract.
 */
export function columnCut({ stream, declared, columns, log }: CutRequest): <P extends Page>(page: P) => P {
  const kept = new Set(columns);
  const isOpen = isFree(declared);
  const undeclared = new Set<string>();
  const isExtra = (name: string): boolean => !kept.has(name);

  const cut = (row: Row): Row => {
    const extra = Object.keys(row).filter(isExtra);
    if (extra.length === 0) return row;
    for (const name of extra) {
      if (Object.hasOwn(declared.properties, name) || undeclared.has(name)) continue;
      undeclared.add(name);
      log.warn(`stream '${stream}': the column '${name}' is left out, since the schema does not declare it`, {
        stream,
      });
    }
    return Object.fromEntries(Object.entries(row).filter(([name]) => kept.has(name)));
  };
  return (page) => (isOpen || !('rows' in page) ? page : { ...page, rows: page.rows.map(cut) });
}

/** The same for all pages of a read. */
export async function* cutColumns(
  pages: AsyncIterable<Page> | Iterable<Page>,
  request: CutRequest,
): AsyncGenerator<Page> {
  const cut = columnCut(request);
  for await (const page of pages) yield cut(page);
}
