/** Decodes the bytes of a text; `utf8` when they are UTF-8 already. */
export type CharsetDecoder = 'utf8' | ((bytes: Uint8Array) => string);

/** The decoder of a character set of the server; undefined for an unknown one. */
export function charsetDecoder(charset: string): CharsetDecoder | undefined {
  if (/^(?:utf8|utf8mb3|utf8mb4|ascii)$/.test(charset)) return 'utf8';
  const label = labels[charset];
  if (label === undefined) return undefined;
  const decoder = new TextDecoder(label);
  return (bytes) => decoder.decode(bytes);
}

const labels: Readonly<Record<string, string>> = { latin1: 'windows-1252' };

/** The character set of a collation, by its number; undefined for an unknown one. */
export function charsetOfCollation(_collation: number): string | undefined {
  return undefined;
}
