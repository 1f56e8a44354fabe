import { copyLost } from 'c8connector-sql';
import { quoteLiteral } from './quote.ts';
import type { MysqlType } from './types.ts';

const number = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const date = /^(\d{4}-\d\d-\d\d)(?:[T ].*)?$/;
const dateTime = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(\.\d{1,6})?\d*(Z|[+-]\d\d:?\d\d)?)?$/i;
const time = /^-?\d{1,3}:\d\d(?::\d\d(?:\.\d+)?)?$/;
const hexadecimal = /^(?:[\da-f]{2})*$/i;

/**
 * The literal of SQL for a value of a key: in the server's own text, bytes in hexadecimal; or as it is in JSON. The server takes a literal that it cannot read for a zero, without an error.
 *
 * @throws {DataError} `copy_lost` when it is not a value of the type.
 */
export function keyLiteral(kind: MysqlType['kind'], value: string, stream: string): string {
  switch (kind) {
    case 'integer':
    case 'numeric':
    case 'year':
      if (number.test(value)) return value;
      break;
    case 'date': {
      const [, day] = date.exec(value) ?? [];
      if (day !== undefined) return quoteLiteral(day);
      break;
    }
    case 'timestamp':
    case 'timestamptz': {
      const text = dateTimeText(value);
      if (text !== undefined) return quoteLiteral(text);
      break;
    }
    case 'time':
      if (time.test(value)) return quoteLiteral(value);
      break;
    case 'binary':
      if (hexadecimal.test(value)) return `x'${value}'`;
      break;
    default:
      return quoteLiteral(value);
  }
  throw copyLost(stream, `its position has an invalid value, ${JSON.stringify(value)}`);
}

/** `2023-04-05T08:07:08.5+02:00` as `2023-04-05 06:07:08.5`: the time zone of the session is UTC. */
function dateTimeText(value: string): string | undefined {
  const [, day, clock = '00:00:00', fraction = '', zone = 'Z'] = dateTime.exec(value) ?? [];
  if (day === undefined) return undefined;
  if (/^(?:Z|[+-]00:?00)$/i.test(zone)) return `${day} ${clock}${fraction}`;
  const milliseconds = Date.parse(`${day}T${clock}${zone}`);
  if (Number.isNaN(milliseconds)) return undefined;
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')}${fraction}`;
}
