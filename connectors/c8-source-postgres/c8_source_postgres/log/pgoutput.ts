import { emptyTuple, readTuple, type Tuple } from './tuple.ts';

/** A column of a table, as the log describes it. */
export interface RelationColumn {
  readonly name: string;
  /** Oid of its type; for a domain, that of the domain. */
  readonly type: string;
  /** -1 for none. */
  readonly modifier: number;
  /** Whether it belongs to the replica identity. */
  readonly isIdentity: boolean;
}

/** A table whose changes follow, as it was when they were made. */
export interface Relation {
  readonly kind: 'relation';
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  /** What identifies a row. d: the primary key, n: nothing, f: all columns, i: an index. */
  readonly identity: string;
  readonly columns: readonly RelationColumn[];
}

export interface Begin {
  readonly kind: 'begin';
  /** Where its commit record begins. */
  readonly lsn: bigint;
  /** Microseconds since 1970. */
  readonly committedAt: bigint;
}

interface Commit {
  readonly kind: 'commit';
  /** The position after the commit record. */
  readonly end: bigint;
}

interface Truncate {
  readonly kind: 'truncate';
  readonly oids: readonly string[];
}

/** The change of one row. `row` is the new row, `old` has what identifies the old one. The next change overwrites both. */
export interface Change {
  readonly kind: 'insert' | 'update' | 'delete';
  readonly oid: number;
  readonly row: Tuple | undefined;
  readonly old: Tuple | undefined;
  /** `old` has all columns, not only those of the replica identity. */
  readonly isOldWhole: boolean;
}

/** A message that is not about rows: a type, an origin, or a logical decoding message. */
interface Other {
  readonly kind: 'other';
}

export type LogMessage = Begin | Commit | Relation | Truncate | Change | Other;

/** Reads messages of the plugin pgoutput, version 1 of its protocol. Throws a RangeError for one that is cut or unknown. */
export type Decode = (body: Buffer) => LogMessage;

/** Microseconds from 1970 to 2000, where PostgreSQL's clock begins. */
const epoch = 946_684_800_000_000n;
const other: Other = { kind: 'other' };

/** The letters before a row: N for a new one, O for a whole old one, K for the key of an old one. */
const newRow = 0x4e;
const wholeRow = 0x4f;
const keyOfRow = 0x4b;

/** A decoder, which reuses its two tuples for each change. */
export function pgoutputDecoder(): Decode {
  const row = emptyTuple();
  const old = emptyTuple();

  function update(body: Buffer): Change {
    const oid = body.readUInt32BE(1);
    const letter = body[5];
    if (letter === newRow) {
      readTuple(body, 6, row);
      return { kind: 'update', oid, row, old: undefined, isOldWhole: false };
    }
    const next = readTuple(body, 6, oldOf(letter));
    expectRow(body, next);
    readTuple(body, next + 1, row);
    return { kind: 'update', oid, row, old, isOldWhole: letter === wholeRow };
  }

  function oldOf(letter: number | undefined): Tuple {
    if (letter !== keyOfRow && letter !== wholeRow) throw new RangeError(`an old row of unknown kind ${letter}`);
    return old;
  }

  return (body) => {
    switch (body[0]) {
      case 0x42: // B
        return { kind: 'begin', lsn: body.readBigUInt64BE(1), committedAt: body.readBigInt64BE(9) + epoch };
      case 0x43: // C
        return { kind: 'commit', end: body.readBigUInt64BE(10) };
      case 0x52: // R
        return readRelation(body);
      case 0x49: // I
        expectRow(body, 5);
        readTuple(body, 6, row);
        return { kind: 'insert', oid: body.readUInt32BE(1), row, old: undefined, isOldWhole: false };
      case 0x55: // U
        return update(body);
      case 0x44: {
        // D
        const letter = body[5];
        readTuple(body, 6, oldOf(letter));
        return { kind: 'delete', oid: body.readUInt32BE(1), row: undefined, old, isOldWhole: letter === wholeRow };
      }
      case 0x54: // T
        return readTruncate(body);
      case 0x59: // Y
      case 0x4f: // O
      case 0x4d: // M
        return other;
      default:
        throw new RangeError(`a message of unknown kind ${body[0]}`);
    }
  };
}

function expectRow(body: Buffer, at: number): void {
  if (body[at] !== newRow) throw new RangeError('expected N where a row begins');
}

function readTruncate(body: Buffer): Truncate {
  const count = body.readUInt32BE(1);
  const oids = Array.from({ length: Math.min(count, body.length) }, (_, index) =>
    String(body.readUInt32BE(6 + 4 * index)),
  );
  return { kind: 'truncate', oids };
}

function readRelation(body: Buffer): Relation {
  const [schema, schemaEnd] = readText(body, 5);
  const [name, nameEnd] = readText(body, schemaEnd);
  const columns: RelationColumn[] = [];
  let at = nameEnd + 3;
  for (let left = body.readUInt16BE(nameEnd + 1); left > 0; left -= 1) {
    const [column, end] = readText(body, at + 1);
    const type = String(body.readUInt32BE(end));
    columns.push({
      name: column,
      type,
      modifier: body.readInt32BE(end + 4),
      isIdentity: (body.readUInt8(at) & 1) === 1,
    });
    at = end + 8;
  }
  const identity = String.fromCharCode(body.readUInt8(nameEnd));
  // An empty schema stands for pg_catalog (section "Logical Replication Message Formats" of PostgreSQL's documentation).
  return {
    kind: 'relation',
    oid: String(body.readUInt32BE(1)),
    schema: schema || 'pg_catalog',
    name,
    identity,
    columns,
  };
}

/** A text that ends in a zero byte, and the position after that. */
function readText(body: Buffer, at: number): readonly [text: string, end: number] {
  const end = body.indexOf(0, at);
  if (end < 0) throw new RangeError('a text without a terminator');
  return [body.toString('utf8', at, end), end + 1];
}
