import { DataError } from 'c8connector';
import type { Server } from '../../server.ts';
import { charsetPut } from './charset.ts';
import { charsetOfCollation } from './collations.ts';
import { columnTypes as t } from './column-types.ts';
import { inflatedValue } from './compressed.ts';
import type { LogColumn, LogTableMap } from './events.ts';
import { putJson } from './json-text.ts';
import { makeRoom, type Put, putBytes, putPadded } from './put.ts';
import { putInet4, putInet6, putUuid } from './put-address.ts';
import { decimalSize, putDecimal, putDouble, putFloat, putInteger, putLong } from './put-number.ts';
import {
  oldDatetimeSize,
  oldTimeSize,
  oldTimestampSize,
  putOldDatetime,
  putOldTime,
  putOldTimestamp,
} from './put-old-time.ts';
import { putEnum, putSet } from './put-text.ts';
import { fractionSize, putDate, putDatetime, putTime, putTimestamp, putYear } from './put-time.ts';
import type { TextColumn } from './text-column.ts';

/** Bytes of the types that have always the same number. */
const fixedSizes: ReadonlyMap<number, number> = new Map([
  [t.tiny, 1],
  [t.short, 2],
  [t.int24, 3],
  [t.long, 4],
  [t.longLong, 8],
  [t.float, 4],
  [t.double, 8],
  [t.year, 1],
  [t.date, 3],
  [t.newDate, 3],
  [t.null, 0],
]);

/** How many bytes a value of the column has; negative, how many bytes its length has, which precedes it. */
export function columnSize(column: LogColumn, known: TextColumn | undefined, surroundings: Surroundings): number {
  const { type, meta } = column;
  const fixed = fixedSizes.get(type);
  if (fixed !== undefined) return fixed;
  switch (type) {
    case t.decimal:
      return decimalSize(meta >> 8, meta & 0xff);
    case t.timestamp:
      return 4 + fractionSize(meta);
    case t.datetime:
      return 5 + fractionSize(meta);
    case t.time:
      return 3 + fractionSize(meta);
    case t.oldTimestamp:
      return oldTimestampSize(oldDigits(column, known, surroundings));
    case t.oldDatetime:
      return oldDatetimeSize(oldDigits(column, known, surroundings));
    case t.oldTime:
      return oldTimeSize(oldDigits(column, known, surroundings));
    case t.bit:
      return (meta + 7) >> 3;
    case t.enum:
    case t.set:
      return meta;
    case t.string:
    case t.varchar:
    case t.varString:
    case t.compressedVarchar:
      return meta < 256 ? -1 : -2;
    default:
      return -meta;
  }
}

/** For messages, and for what only a server of one kind does. */
interface Surroundings {
  readonly table: LogTableMap;
  readonly server: Pick<Server, 'flavour'>;
}

/** What writes the values of a column. Throws a DataError for a type or a character set that cannot be decoded. */
export function columnPut(column: LogColumn, wanted: TextColumn, surroundings: Surroundings): Put {
  const { type, meta } = column;
  const isUnsigned = column.isUnsigned ?? wanted.isUnsigned;
  switch (type) {
    case t.tiny:
    case t.short:
    case t.int24:
    case t.long:
      return putInteger(fixedSizes.get(type) as number, isUnsigned);
    case t.longLong:
      return putLong(isUnsigned);
    case t.decimal:
      return putDecimal(meta >> 8, meta & 0xff);
    case t.float:
      return putFloat();
    case t.double:
      return putDouble();
    case t.year:
      return putYear;
    case t.date:
    case t.newDate:
      return putDate;
    case t.timestamp:
      return putTimestamp(meta);
    case t.datetime:
      return putDatetime(meta);
    case t.time:
      return putTime(meta);
    case t.oldTimestamp:
      return putOldTimestamp(oldDigits(column, wanted, surroundings));
    case t.oldTime:
      return putOldTime(oldDigits(column, wanted, surroundings));
    case t.oldDatetime:
      return putOldDatetime(oldDigits(column, wanted, surroundings));
    case t.bit:
    case t.geometry:
    case t.vector:
      return putBytes;
    case t.json:
      return putJson;
    case t.enum:
    case t.set: {
      const labels = column.labels ?? wanted.labels;
      if (labels === undefined) throw refused('its labels are not known', column, surroundings);
      return type === t.enum ? putEnum(labels) : putSet(labels);
    }
    case t.string:
    case t.varchar:
    case t.varString:
    case t.blob:
    case t.tinyBlob:
    case t.mediumBlob:
    case t.longBlob:
      return putText(column, wanted, surroundings);
    case t.compressedBlob:
    case t.compressedVarchar:
      return putInflated(putText(column, wanted, surroundings));
    default:
      throw refused(`its type ${type} is not supported`, column, surroundings);
  }
}

/** Types of MariaDB that the log does not distinguish from a BINARY, and the bytes of their values. */
const ownTypes: Readonly<Record<string, readonly [size: number, put: Put]>> = {
  uuid: [16, putUuid],
  inet6: [16, putInet6],
  inet4: [4, putInet4],
};

/** Writes a text in UTF-8, or bytes. What the log says was true when the row was written, and wins. */
function putText(column: LogColumn, wanted: TextColumn, surroundings: Surroundings): Put {
  const { collation } = column;
  const [size, putOwn] = ownTypes[wanted.dataType] ?? [];
  if (putOwn !== undefined && size === column.meta && column.type === t.string) return putOwn;
  const logged = collation === undefined ? undefined : charsetOfCollation(collation);
  if (collation !== undefined && logged === undefined)
    throw refused(`its collation ${collation} is not known`, column, surroundings);
  const charset = logged ?? wanted.charset ?? 'binary';
  if (charset === 'binary' && column.type === t.string) return putPadded(column.meta);
  const put = charsetPut(charset);
  if (put === undefined) throw refused(`its character set ${charset} is not supported`, column, surroundings);
  return put;
}

/** The digits of a fraction of a second in a type that does not say them. Only MariaDB has such fractions. */
function oldDigits(column: LogColumn, known: TextColumn | undefined, surroundings: Surroundings): number {
  if (surroundings.server.flavour === 'MySQL') return 0;
  const digits = known?.decimals;
  if (digits === undefined)
    throw refused('the log does not say how many digits its fraction has', column, surroundings);
  return digits;
}

function putInflated(put: Put): Put {
  return (bytes, start, end, out, at) => {
    const value = inflatedValue(bytes, start, end);
    makeRoom(out, at, value.length);
    return put(value, 0, value.length, out, at);
  };
}

function refused(why: string, { name }: LogColumn, { table }: Surroundings): DataError {
  const place = `${table.database}.${table.name}${name === undefined ? '' : `.${name}`}`;
  return new DataError(`A column of ${place} cannot be read from the binary log: ${why}.`, {
    code: 'value_refused',
    remedy: 'Deselect the column, or copy the table with another replication method.',
  });
}
