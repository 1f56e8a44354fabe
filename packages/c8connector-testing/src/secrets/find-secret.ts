import { inspect } from 'node:util';

/** The name of the form in which a secret stands in a text; undefined when it stands there in none. */
export function findSecret(text: string, secret: string): string | undefined {
  const known = formsOf(secret).find(({ written }) => text.includes(written));
  if (known !== undefined) return known.name;
  return piecesOf(secret).some((piece) => text.includes(piece)) ? 'escaped or cut' : undefined;
}

/** Pieces that nobody writes by chance, of letters and digits, which no escaping changes. */
function piecesOf(secret: string): string[] {
  const length = 16;
  const runs = secret.match(/[A-Za-z0-9]{16,}/g) ?? [];
  return runs.flatMap((run) => Array.from({ length: run.length - length + 1 }, (_, at) => run.slice(at, at + length)));
}

/** What others make of a secret on its way into a log. */
function formsOf(secret: string): { readonly name: string; readonly written: string }[] {
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const percent = encodeURIComponent(secret);
  const hex = bytes.toString('hex');
  return [
    { name: 'plain', written: secret },
    { name: 'JSON', written: json },
    { name: 'JSON in JSON', written: JSON.stringify(json).slice(1, -1) },
    { name: 'URL', written: percent },
    { name: 'URL', written: percent.replace(/%[0-9A-F]{2}/g, (sign) => sign.toLowerCase()) },
    { name: 'URL form', written: new URLSearchParams({ secret }).toString().slice('secret='.length) },
    { name: 'hex', written: hex },
    { name: 'hex', written: hex.toUpperCase() },
    ...[0, 1, 2].flatMap((offset) => base64Inside(bytes, offset)),
  ];
}

/** The characters that a secret surely has in the base64 of a longer text in which `offset` bytes stand before it. */
function base64Inside(bytes: Buffer, offset: number): { name: string; written: string }[] {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const written = text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  return [
    { name: 'base64', written },
    { name: 'base64url', written: written.replaceAll('+', '-').replaceAll('/', '_') },
  ];
}

/** Everything that a program may print of a value: its texts, and what JSON and `inspect` make of it; of an error its message, stack and causes too. */
export function printedForms(value: unknown): string {
  if (typeof value === 'string') return value;
  const printed = inspect(value, {
    depth: 6,
    maxStringLength: null,
    maxArrayLength: null,
    breakLength: Number.POSITIVE_INFINITY,
  });
  const texts =
    value instanceof Error
      ? [value.message, value.stack ?? '', value.cause === undefined ? '' : printedForms(value.cause)]
      : [];
  return [printed, asJson(value), ...texts].join('\n');
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? String(item) : item)) ?? '';
  } catch {
    return '';
  }
}
