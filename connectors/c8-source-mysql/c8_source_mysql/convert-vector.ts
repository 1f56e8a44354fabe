import { type Anomalies, type Convert, putText } from 'c8connector-sql';
import { singleText } from './convert-number.ts';

/** Converts the little-endian floats of a vector to a list of numbers. */
export function convertVector(anomalies: Anomalies): Convert {
  return (bytes, start, end, out, at) => {
    if ((end - start) % 4 !== 0) anomalies.malformed('a vector');
    const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
    let to = putText('[', out, at);
    for (let offset = 0; offset < view.byteLength; offset += 4) {
      const value = view.getFloat32(offset, true);
      if (!Number.isFinite(value)) anomalies.refuse(`the number ${value}`, 'Correct the row, or deselect the column.');
      if (offset > 0) to = putText(',', out, to);
      to = putText(singleText(value), out, to);
    }
    return putText(']', out, to);
  };
}
