import type { Column } from '../../catalog.ts';

/** What the catalog knows about a column and the log does not always say. */
export interface TextColumn {
  /** The data type, lower case, without length: `int`, `enum`, `uuid`. */
  readonly dataType: string;
  readonly isUnsigned: boolean;
  /** The character set of a text; undefined for bytes and for everything else. Used where the log has no collation. */
  readonly charset: string | undefined;
  /** The labels of an ENUM or SET. Used where the log has none. */
  readonly labels: readonly string[] | undefined;
  /** The digits of the seconds of a `time(3)`. */
  readonly decimals: number | undefined;
  /** Whether its values are not wanted: of some types, not even their size is known without the catalog. */
  readonly isSkipped?: boolean;
}

/** What the reader of rows needs to know of a column of the catalog. */
export function textColumn({ typeName, charset }: Pick<Column, 'typeName' | 'charset'>): TextColumn {
  const [, dataType = '', parameters = ''] = /^\s*([a-z0-9_]+)(?:\s*\((.*)\))?/is.exec(typeName) ?? [];
  const type = dataType.toLowerCase();
  const isLabelled = type === 'enum' || type === 'set';
  const isTime = type === 'time' || type === 'datetime' || type === 'timestamp';
  return {
    dataType: type,
    isUnsigned: /\bunsigned\b/i.test(typeName.replace(/'(?:[^'\\]|\\.|'')*'/gs, '')),
    charset,
    labels: isLabelled ? labelsOf(parameters) : undefined,
    decimals: isTime ? Number(parameters) : undefined,
  };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', 0: '\0', Z: '\x1a', b: '\b' };

/** The labels in a declaration such as `'a','it''s'`. */
function labelsOf(text: string): readonly string[] {
  return [...text.matchAll(/'((?:[^'\\]|\\.|'')*)'/gs)].map(([, label = '']) =>
    label.replace(/''|\\(.)/gs, (_, escaped: string | undefined) =>
      escaped === undefined ? "'" : (escapes[escaped] ?? escaped),
    ),
  );
}
