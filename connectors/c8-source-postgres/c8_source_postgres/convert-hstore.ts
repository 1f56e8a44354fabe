import { type Anomalies, type Convert, convertText, grown, putJsonNull, putText } from 'c8connector-sql';
import { unescapeQuoted } from './unescape-quoted.ts';

const quote = 0x22;

/** Converts `"a"=>"1", "b"=>NULL` to a JSON object of strings and nulls. */
export function convertHstore(anomalies: Anomalies): Convert {
  let scratch: Uint8Array = new Uint8Array(256);
  const malformed = (): never => anomalies.malformed('an hstore');
  return (bytes, start, end, out, at) => {
    let to = putText('{', out, at);
    let from = start;
    const putString = () => {
      scratch = grown(scratch, end - from);
      const part = unescapeQuoted(bytes, from, end, scratch) ?? malformed();
      from = part.next;
      to = convertText(scratch, 0, part.length, out, to);
    };
    const skip = (text: string) => {
      if (!hasText(bytes, from, end, text)) malformed();
      from += text.length;
    };
    while (from < end) {
      if (from > start) {
        skip(', ');
        to = putText(',', out, to);
      }
      putString();
      skip('=>');
      to = putText(':', out, to);
      if (from < end && bytes[from] === quote) putString();
      else {
        skip('NULL');
        to = putJsonNull(out, to);
      }
    }
    return putText('}', out, to);
  };
}

function hasText(bytes: Uint8Array, at: number, end: number, text: string): boolean {
  if (at + text.length > end) return false;
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text.charCodeAt(index)) return false;
  return true;
}
