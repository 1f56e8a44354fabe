import { inspect } from 'node:util';

/** The name of the form in which a text contains a secret; undefined when it does not. */
export function findSecret(text: string, secret: string): string | undefined {
  const known = formsOf(secret).find(({ written }) => text.includes(written));
  if (known !== undefined) return known.name;
  if (unwrapped(text).some((whole) => whole.includes(secret))) return 'wrapped';
  return hasPiece(text, secret) || beginsCut(text, secret) ? 'escaped or cut' : undefined;
}

/** The text as it may have been before its lines were wrapped: once for wraps between two characters, once for wraps at a blank. */
function unwrapped(text: string): readonly string[] {
  return ['', ' '].map((between) => text.replace(/[ \t]*(?:\r?\n|\\+n)[ \t]*/g, between));
}

/** Whether a text contains a part of the secret that is too long to occur by chance, made of letters and digits, which escaping does not change. */
function hasPiece(text: string, secret: string): boolean {
  const length = 16;
  const runs = secret.match(/[A-Za-z0-9]{16,}/g) ?? [];
  const pieces = runs.flatMap((run) =>
    Array.from({ length: run.length - length + 1 }, (_, at) => run.slice(at, at + length)),
  );
  return pieces.some((piece) => text.includes(piece));
}

/** The fewest characters from the beginning of a secret that count as a leak. */
const beginning = 8;

/** Whether a text contains the beginning of a cut secret. A word or a number counts only with an ellipsis after it. */
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

/** The forms in which a secret may be written into a log. */
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

/** The base64 characters that depend only on the secret, in a longer text with `offset` bytes before it. */
function base64Inside(bytes: Buffer, offset: number): { name: string; written: string }[] {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const written = text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  return [
    { name: 'base64', written },
    { name: 'base64url', written: written.replaceAll('+', '-').replaceAll('/', '_') },
  ];
}

/** Everything that a program may print of a value: its texts, its JSON, and the output of `inspect`; for an error, also its message, stack and causes. */
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
