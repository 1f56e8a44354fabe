import type { Exactness } from 'c8connector';
import {
  type Anomalies,
  type Convert,
  convertJson,
  convertJsonText,
  convertText,
  putText,
  type Shortcut,
} from 'c8connector-sql';
import { convertBinary, convertBits } from './convert-binary.ts';
import { convertDate, convertTimestamp } from './convert-date.ts';
import { convertGeometry } from './convert-geometry.ts';
import { convertDecimal, convertDouble, convertInteger, convertSingle } from './convert-number.ts';
import { convertUnchecked } from './convert-string.ts';
import { convertVector } from './convert-vector.ts';
import type { Policies } from './schema.ts';
import type { MysqlType } from './types.ts';

/** What determines the JSON of a value, besides its type. */
export interface ConvertSettings {
  readonly policies: Policies;
  readonly exact: Exactness;
  /** Counts the values of this column that the policies change, and throws for those that they refuse. */
  readonly anomalies: Anomalies;
}

/** Converts the text of the server to JSON, for each type in docs/types.md. Readers must not share a converter, since it may own a buffer. */
export function converterOf(type: MysqlType, { policies, exact, anomalies }: ConvertSettings): Convert {
  switch (type.kind) {
    case 'boolean':
      return (bytes, start, end, out, at) =>
        putText(end - start === 1 && bytes[start] === 0x30 ? 'false' : 'true', out, at);
    case 'bit':
      return (bytes, start, end, out, at) => putText(end > start && bytes[end - 1] !== 0 ? 'true' : 'false', out, at);
    case 'bits':
      return convertBits(type.length);
    case 'integer':
    case 'year':
      return convertInteger(anomalies);
    case 'numeric':
      return convertDecimal(anomalies, exact === 'text');
    case 'float':
      return type.isSingle ? convertSingle(anomalies) : convertDouble(anomalies);
    case 'json':
      return inExactness(exact, convertJson(refusingText(anomalies)));
    case 'date':
      return convertDate(policies.out_of_range_dates, anomalies);
    case 'timestamp':
    case 'timestamptz':
      return convertTimestamp(policies.out_of_range_dates, anomalies);
    case 'binary':
      return convertBinary;
    case 'geometry':
      return inExactness(exact, convertGeometry(anomalies));
    case 'vector':
      return convertVector(anomalies);
    case 'string':
      return type.mayBeInvalid ? convertUnchecked(anomalies) : convertText;
    case 'time':
      return convertText;
  }
}

function inExactness(exact: Exactness, json: Convert): Convert {
  return exact === 'text' ? convertJsonText(json) : json;
}

/** For JSON of MariaDB: a text whose check was turned off for a while. */
function refusingText(anomalies: Anomalies): Anomalies {
  const remedy =
    'Correct the rows for which json_valid() of the column is 0: they were written while check_constraint_checks was off. Or deselect the column.';
  return { ...anomalies, malformed: (wanted) => anomalies.refuse(`a text that is not ${wanted}`, remedy) };
}

/** The shortcut by which the row encoder may write common values of a type; the result must be the same as the converter's. */
export function shortcutOf(type: MysqlType, { exact }: Pick<ConvertSettings, 'exact'>): Shortcut | undefined {
  if (type.kind === 'time' || (type.kind === 'string' && !type.mayBeInvalid)) return 'text';
  if (type.kind === 'integer') return 'integer';
  if (type.kind === 'date') return 'date';
  if (type.kind === 'numeric') return exact === 'text' ? 'quoted' : 'number';
  return undefined;
}
