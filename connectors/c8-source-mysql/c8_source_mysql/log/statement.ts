import type { EventKind } from './binlog/events.ts';
import { type Token, tokensOf } from './tokens.ts';

/** What a statement does to a table whose rows it does not log. */
export interface Effect {
  /** Undefined for all databases. */
  readonly database: string | undefined;
  /** Undefined for all tables of the database. */
  readonly table: string | undefined;
  /** `cascades`: from now on a foreign key may change its rows. `lost` describes why the rows of the table cannot be known any more. */
  readonly kind: 'truncated' | 'altered' | 'cascades' | { readonly lost: string };
}

/** What the text of a statement in the log means. */
export interface Statement {
  readonly kind: 'begin' | 'commit' | 'rollback' | 'savepoint' | 'rollback to' | 'xa commit' | 'xa rollback' | 'other';
  /** The name of the XA transaction that ends, as the event `xa_prepare` has it. */
  readonly xid?: string;
  /** In lower case. */
  readonly savepoint?: string;
  readonly effects: readonly Effect[];
}

const none: readonly Effect[] = [];
const frequent: Readonly<Record<string, Statement>> = {
  BEGIN: { kind: 'begin', effects: none },
  COMMIT: { kind: 'commit', effects: none },
};

/** Reads a statement of the log. */
export function statementOf({ text, database, sqlMode, used }: Omit<EventKind<'query'>, 'kind'>): Statement {
  return frequent[text] ?? read(text, new Reader(withoutPrefix([...tokensOf(text, sqlMode)]), database), used);
}

/** `SET STATEMENT … FOR` of MariaDB comes before the statement itself. */
function withoutPrefix(tokens: readonly Token[]): readonly Token[] {
  if (!isWord(tokens[0], 'SET') || !isWord(tokens[1], 'STATEMENT')) return tokens;
  const end = tokens.findIndex((token) => isWord(token, 'FOR'));
  return end < 0 ? tokens : tokens.slice(end + 1);
}

function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.text.toUpperCase());
}

/** Whether a part of an ALTER TABLE, which begins with these words, leaves the columns as they are. */
function isAboutIndexes(first: Token | undefined, second: Token | undefined): boolean {
  if (isWord(first, 'COMMENT', 'AUTO_INCREMENT', 'ALGORITHM', 'LOCK', 'FORCE', 'ENABLE', 'DISABLE')) return true;
  const ofIndex = ['INDEX', 'KEY', 'FOREIGN', 'CHECK', 'CONSTRAINT'];
  if (isWord(first, 'ADD')) return isWord(second, ...ofIndex, 'UNIQUE', 'FULLTEXT', 'SPATIAL');
  return isWord(first, 'DROP', 'RENAME', 'ALTER') && isWord(second, ...ofIndex);
}

interface Table {
  readonly database: string;
  readonly table: string;
}

/** Goes through the parts of a statement. */
class Reader {
  readonly #tokens: readonly Token[];
  /** The database of the session. */
  readonly database: string;
  #at = 0;

  constructor(tokens: readonly Token[], database: string) {
    this.#tokens = tokens;
    this.database = database;
  }

  /** Skips the next word if it is one of these. */
  skip(...words: readonly string[]): boolean {
    if (!isWord(this.#tokens[this.#at], ...words)) return false;
    this.#at += 1;
    return true;
  }

  /** Skips to after the next of these words. */
  skipTo(...words: readonly string[]): boolean {
    const found = this.#tokens.findIndex((token, index) => index >= this.#at && isWord(token, ...words));
    if (found < 0) return false;
    this.#at = found + 1;
    return true;
  }

  /** Whether these words follow one another somewhere after here. */
  has(...words: readonly string[]): boolean {
    return this.#tokens.some(
      (_, index) =>
        index >= this.#at && words.every((word, offset) => isWord(this.#tokens[index + offset], ...word.split('|'))),
    );
  }

  isSymbol(text: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === 'symbol' && token.text === text;
  }

  /** The next name, in lower case. */
  nameOf(): string {
    return (this.#name() ?? '').toLowerCase();
  }

  /** The next name, or two with a point between them. */
  table(): Table | undefined {
    const first = this.#name();
    if (first === undefined) return undefined;
    if (!this.isSymbol('.')) return { database: this.database, table: first };
    this.#at += 1;
    const second = this.#name();
    return second === undefined ? undefined : { database: first, table: second };
  }

  /** All names up to one of these words, or to the end: also those of columns, which are then those of no table that is followed. */
  tablesUpTo(...words: readonly string[]): readonly Table[] {
    const tables: Table[] = [];
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined || isWord(token, ...words)) return tables;
      const table = token.kind === 'word' || token.kind === 'name' ? this.table() : undefined;
      if (table === undefined) this.#at += 1;
      else tables.push(table);
    }
  }

  /** The databases that are named from here on. */
  qualifiers(): ReadonlySet<string> {
    const rest = this.#tokens.slice(this.#at);
    return new Set(rest.flatMap(({ text }, index) => (rest[index + 1]?.text === '.' ? [text] : [])));
  }

  /** Whether an alteration is only about indexes and the like, so that the columns stay as they are. */
  keepsColumns(): boolean {
    let depth = 0;
    let isFirst = true;
    for (let index = this.#at; index < this.#tokens.length; index++) {
      const { kind, text } = this.#tokens[index] as Token;
      if (isFirst && !isAboutIndexes(this.#tokens[index], this.#tokens[index + 1])) return false;
      isFirst = kind === 'symbol' && text === ',' && depth === 0;
      if (kind === 'symbol' && text === '(') depth += 1;
      if (kind === 'symbol' && text === ')') depth -= 1;
    }
    return true;
  }

  #name(): string | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'word' && token?.kind !== 'name') return undefined;
    this.#at += 1;
    return token.text;
  }
}

function read(text: string, reader: Reader, used: EventKind<'query'>['used']): Statement {
  const other = (effects: readonly Effect[]): Statement => ({ kind: 'other', effects });
  if (reader.skip('BEGIN')) return { kind: 'begin', effects: none };
  if (reader.skip('COMMIT')) return { kind: 'commit', effects: none };
  if (reader.skip('SAVEPOINT')) return { kind: 'savepoint', savepoint: reader.nameOf(), effects: none };
  if (reader.skip('ROLLBACK')) return rollback(reader);
  if (reader.skip('START')) return { kind: reader.skip('TRANSACTION') ? 'begin' : 'other', effects: none };
  if (reader.skip('XA')) return xaStatement(text, reader);
  if (reader.skip('TRUNCATE')) {
    reader.skip('TABLE');
    return other(effectsOn([reader.table()], 'truncated'));
  }
  if (reader.skip('ALTER')) return other(alteration(reader));
  if (reader.skip('DROP')) return other(dropped(reader));
  if (reader.skip('RENAME')) return other(reader.skip('TABLE', 'TABLES') ? renamed(reader) : none);
  if (reader.skip('CREATE')) return created(reader);
  return other(unlogged(reader, used));
}

function rollback(reader: Reader): Statement {
  if (!reader.skipTo('TO')) return { kind: 'rollback', effects: none };
  reader.skip('SAVEPOINT');
  return { kind: 'rollback to', savepoint: reader.nameOf(), effects: none };
}

function effectsOn(tables: readonly (Table | undefined)[], kind: Effect['kind']): readonly Effect[] {
  return tables.flatMap((table) => (table === undefined ? [] : [{ ...table, kind }]));
}

function xaStatement(text: string, reader: Reader): Statement {
  if (reader.skip('START', 'BEGIN')) return { kind: 'begin', xid: '', effects: none };
  const kind = reader.skip('COMMIT') ? 'xa commit' : reader.skip('ROLLBACK') ? 'xa rollback' : 'other';
  const xid = text.replace(/^\s*xa\s+\w+\s+/i, '').replace(/\s+one\s+phase\s*$/i, '');
  return { kind, xid: xid.replace(/\s+/g, ''), effects: none };
}

function alteration(reader: Reader): readonly Effect[] {
  // ONLINE and IGNORE of older versions.
  while (reader.skip('ONLINE', 'IGNORE'));
  if (!reader.skip('TABLE')) return none;
  if (reader.skip('IF')) reader.skip('EXISTS');
  const table = reader.table();
  const lost = (why: string) => effectsOn([table], { lost: why });
  if (reader.has('EXCHANGE', 'PARTITION')) {
    const [changed] = lost('the rows of a partition were exchanged with those of another table');
    reader.skipTo('WITH');
    reader.skip('TABLE');
    return [
      ...(changed ? [changed] : []),
      ...effectsOn([reader.table()], { lost: 'the rows of the table were exchanged with those of a partition' }),
    ];
  }
  if (reader.has('TRUNCATE|DROP', 'PARTITION|SUBPARTITION')) return lost('a partition was emptied or dropped');
  if (reader.has('CONVERT', 'PARTITION') || reader.has('CONVERT', 'TABLE'))
    return lost('a partition became a table, or a table became a partition');
  if (reader.has('DISCARD|IMPORT')) return lost('the tablespace of the table was discarded or imported');
  if (reader.has('RENAME') && isRenamed(reader)) return lost('the table was renamed');
  // Not ON UPDATE CURRENT_TIMESTAMP.
  const cascades = reader.has('ON', 'DELETE|UPDATE', 'CASCADE|SET') ? effectsOn([table], 'cascades') : none;
  return [...cascades, ...(reader.keepsColumns() ? none : effectsOn([table], 'altered'))];
}

/** Whether the table gets another name, and not only a column, an index or a key. */
function isRenamed(reader: Reader): boolean {
  while (reader.skipTo('RENAME')) if (!reader.skip('COLUMN', 'INDEX', 'KEY')) return true;
  return false;
}

function dropped(reader: Reader): readonly Effect[] {
  if (reader.skip('DATABASE', 'SCHEMA')) {
    if (reader.skip('IF')) reader.skip('EXISTS');
    const database = reader.table()?.table;
    return database === undefined
      ? none
      : [{ database, table: undefined, kind: { lost: 'the database of the table was dropped' } }];
  }
  // Temporary tables are others, whatever their names.
  if (!reader.skip('TABLE', 'TABLES')) return none;
  if (reader.skip('IF')) reader.skip('EXISTS');
  return effectsOn(reader.tablesUpTo('WAIT', 'NOWAIT', 'RESTRICT', 'CASCADE'), { lost: 'the table was dropped' });
}

function renamed(reader: Reader): readonly Effect[] {
  if (reader.skip('IF')) reader.skip('EXISTS');
  return effectsOn(reader.tablesUpTo(), { lost: 'the table was renamed, or another table got its name' });
}

function created(reader: Reader): Statement {
  const isReplacing = reader.skip('OR') && reader.skip('REPLACE');
  if (!reader.skip('TABLE')) return { kind: 'other', effects: none };
  const table = reader.table();
  // The rows of CREATE … SELECT follow.
  const kind = reader.has('START', 'TRANSACTION') ? 'begin' : 'other';
  return { kind, effects: isReplacing ? effectsOn([table], { lost: 'the table was replaced by a new one' }) : none };
}

const lostRows = {
  lost: 'a statement in a session with binlog_format STATEMENT or MIXED changed rows in the database of the table, and the log does not have them',
};

/**
 * A statement that changes rows, which the log does not have. Views, triggers and functions change other tables than it names, most likely of the same database. MySQL lists the databases of all tables, also of those that it only reads.
 */
function unlogged(reader: Reader, used: EventKind<'query'>['used']): readonly Effect[] {
  const own = writtenDatabases(reader);
  if (own === undefined) return none;
  const read = reader.qualifiers();
  const others = used === 'all' ? [undefined] : (used ?? []).filter((database) => !read.has(database));
  const databases = new Set([...own, ...others]);
  return [...databases].map((database) => ({ database, table: undefined, kind: lostRows }));
}

/** The databases of the tables into which a statement writes; undefined if it writes no rows. */
function writtenDatabases(reader: Reader): readonly string[] | undefined {
  const databasesOf = (tables: readonly (Table | undefined)[]) => tables.flatMap((table) => table?.database ?? []);
  if (reader.skip('ANALYZE')) {
    if (reader.skip('TABLE', 'TABLES', 'LOCAL', 'NO_WRITE_TO_BINLOG')) return undefined;
    return [reader.database, ...databasesOf(reader.tablesUpTo())];
  }
  // It is logged only if a function in it changes rows.
  if (reader.skip('SELECT', 'DO', 'CALL')) return [reader.database, ...databasesOf(reader.tablesUpTo())];
  if (reader.skip('WITH')) reader.skipTo('UPDATE', 'DELETE');
  else if (reader.skip('INSERT', 'REPLACE')) {
    while (reader.skip('LOW_PRIORITY', 'DELAYED', 'HIGH_PRIORITY', 'IGNORE', 'INTO'));
    return databasesOf([reader.table()]);
  } else if (reader.skip('LOAD')) {
    reader.skipTo('INTO');
    reader.skip('TABLE');
    return databasesOf([reader.table()]);
  } else if (!reader.skip('UPDATE', 'DELETE')) return undefined;
  return databasesOf(reader.tablesUpTo('SET', 'WHERE', 'ORDER', 'LIMIT', 'RETURNING'));
}
