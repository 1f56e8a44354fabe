import type { Exactness } from 'c8connector';
import { type Convert, convertText, putNull, putText } from './convert-text.ts';
import { grown, unescapeQuoted } from './scratch.ts';

const quote = 0x22;

/** `"a"=>"1", "b"=>NULL` as a JSON object of strings and nulls; in lines of exactness text as a JSON string that holds it. */
export function convertHstore(exact: Exactness): Convert {
  const object = convertObject();
  if (exact === 'number') return object;
  let json: Uint8Array = new Uint8Array(256);
  return (bytes, start, end, out, at) => {
    json = grown(json, 8 * (end - start) + 40);
    return convertText(json, 0, object(bytes, start, end, json, 0), out, at);
  };
}

function convertObject(): Convert {
  let scratch: Uint8Array = new Uint8Array(256);
  return (bytes, start, end, out, at) => {
    let to = putText('{', out, at);
    let from = start;
    const putString = () => {
      scratch = grown(scratch, end - from);
      const part = unescapeQuoted(bytes, from, scratch);
      from = part.next;
      to = convertText(scratch, 0, part.length, out, to);
    };
    while (from < end) {
      putString();
      to = putText(':', out, to);
      from += 2;
      if (bytes[from] === quote) putString();
      else {
        to = putNull(out, to);
        from += 4;
      }
      if (from < end) to = putText(',', out, to);
      from += 2;
    }
    return putText('}', out, to);
  };
}
