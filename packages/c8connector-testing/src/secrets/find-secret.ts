import { inspect } from 'node:util';

/** The name of the form in which a secret is in a text; undefined when it stands there in none. */
export function findSecret(text: string, secret: string): string | undefined {
  const known = formsOf(secret).find(({ written }) => text.includes(written));
  if (known !== undefined) return known.name;
  if (unwrapped(text).some((whole) => whole.includes(secret))) return 'wrapped';
  return hasPiece(text, secret) || beginsCut(text, secret) ? 'escaped or cut' : undefined;
}

/** The text without its line breaks, as it may have been before somebody wrapped its lines: between two characters, and at a blank. */
function unwrapped(text: string): readonly string[] {
  return ['', ' '].map((between) => text.replace(/[ \t]*(?:\r?\n|\\+n)[ \t]*/g, between));
}

/** Whether a text holds a piece that nobody writes by chance, of letters and digits, which no escaping changes. */
function hasPiece(text: string, secret: string): boolean {
  const length = 16;
  const runs = secret.match(/[A-Za-z0-9]{16,}/g) ?? [];
  const pieces = runs.flatMap((run) =>
    Array.from({ length: run.length - length + 1 }, (_, at) => run.slice(at, at + length)),
  );
  return pieces.some((piece) => text.includes(piece));
}

/** Characters at the beginning of a secret that are too many to be left of it. */
const beginning = 8;

/** Whether a text holds the beginning of a secret that was cut. A word or a number shows that only with an ellipsis behind it. */
function beginsCut(text: string, secret: string): boolean {
  if (secret.length <= beginning || /^[a-z]+:\/\/|^\s*[[{]|-----BEGIN /.test(secret)) return false;
  const start = secret.slice(0, beginning);
  for (let at = text.indexOf(start); at !== -1; at = text.indexOf(start, at + 1)) {
    let end = at + beginning;
    while (end - at < secret.length && text[end] === secret[end - at]) end++;
    const isPlain = /^(?:\p{L}+|\d+)$/u.test(text.slice(at, end));
    if (!isPlain || /^["')\]]?(?:…|\.{2,})/.test(text.slice(end, end + 3))) return true;
  }
  return false;
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

/** The characters that a secret surely has in the base64 of a longer text in which `offset` bytes come before it. */
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
