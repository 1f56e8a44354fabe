import { DataError, ProtocolError } from '../interface/errors.ts';
import { cutName, shownName } from './shown.ts';

/** Where in the input something is wrong. */
interface Place {
  /** From 1. */
  readonly line: number;
  readonly stream?: string | undefined;
  readonly column?: string | undefined;
}

/** The ProtocolError `line_invalid` for a line that violates Singer's specification; it names the line, and the stream and column if they are known. */
export function lineError({ line, stream, column }: Place, problem: string, cause?: unknown): ProtocolError {
  const where = [
    ...(stream === undefined ? [] : [`stream ${shownName(stream)}`]),
    ...(column === undefined ? [] : [`column ${shownName(column)}`]),
  ];
  return new ProtocolError(`line ${line}: ${[...where, problem].join(': ')}`, {
    code: 'line_invalid',
    cause,
    details: details({ line, stream, column }),
  });
}

/** The DataError `schema_invalid` for a SCHEMA that cannot be used. */
export function schemaError({ line, stream = '', column }: Place, problem: string): DataError {
  const which = column === undefined ? '' : `, column ${shownName(column)}`;
  return new DataError(
    `line ${line}: the schema of the stream ${shownName(stream)}${which} cannot be used: ${problem}.`,
    {
      code: 'schema_invalid',
      details: details({ line, stream, column }),
    },
  );
}

/** Names in the details of an error are cut as in its message. */
export function details({ line, stream, column }: Place): Readonly<Record<string, string | number>> {
  return {
    line,
    ...(stream === undefined ? {} : { stream: cutName(stream) }),
    ...(column === undefined ? {} : { column: cutName(column) }),
  };
}
