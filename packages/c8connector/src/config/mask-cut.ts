/** The position in a text of a secret, or of a part of one. */
export type Span = readonly [start: number, end: number];

/** The fewest consecutive characters of a secret that are masked: fewer occur in other texts by chance. */
const shortest = 8;
/** A form in which a secret may be written, and how many consecutive characters of it must match. */
interface Form {
  readonly text: string;
  readonly length: number;
}

/** Some characters of a secret: whether a secret begins with them, or ends with them. */
interface Part {
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/**
 * Makes the function that finds the remains of secrets that were cut off: by a narrow column, in an excerpt of a query, by the limit of a log. It finds eight or more characters
 * at the beginning or the end of a secret, or next to an ellipsis, and sixteen anywhere: as they are, or in JSON, percent-encoding, base64 or hexadecimal. A single word or a
 * number is masked only next to an ellipsis, because many secrets begin with a word such as `password`. Of a URL, only the password and what comes after the host are searched for.
 * Of a key in PEM, and of other files with several lines, sixteen characters at the beginning or the end of a line are enough.
 */
export function cutFinder(secrets: Iterable<string>): (text: string) => Span[] {
  const index = indexOf([...secrets].flatMap(cuttable).flatMap(formsOf));
  return (text) => [...index].flatMap(([length, parts]) => spansOf(text, length, parts));
}

/** A text whose parts give a secret away, and how long such a part must be. */
interface Cuttable {
  readonly text: string;
  readonly least: number;
}

/** For the lines of a file: fewer characters would match other files too. */
const leastOfLine = 16;
/** The most lines of a secret that are searched for: a key has fewer. */
const mostLines = 200;

/** Of a URL, its password and what comes after the host. Of a file, its lines without blanks, and in PEM those of private keys: the beginning of a whole file is the same in others of its kind. */
function cuttable(secret: string): Cuttable[] {
  const [whole, userInfo = ''] = /^[a-z][a-z0-9+.-]*:\/\/(?:([^/?#]*)@)?[^/?#]*/i.exec(secret) ?? [];
  if (whole !== undefined) {
    const password = userInfo.slice(userInfo.indexOf(':') + 1);
    const pieces = [
      ...(userInfo.includes(':') ? [password, decoded(password)] : []),
      ...secret.slice(whole.length).split(/[/?#&=]/),
    ];
    return pieces.map((text) => ({ text, least: shortest }));
  }
  if (!/^\s*[[{]|-----BEGIN |\n/.test(secret)) return [{ text: secret, least: shortest }];
  return linesOf(secret).map((text) => ({ text, least: leastOfLine }));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function linesOf(file: string): string[] {
  const keys = [...file.matchAll(/-----BEGIN [^-]*PRIVATE KEY-----([\s\S]*?)(?:-----END|$)/g)].map(
    ([, key = '']) => key,
  );
  const texts = keys.length > 0 || /-----BEGIN |^\s*[[{]/.test(file) ? keys : [file];
  const lines = texts.flatMap((text) => text.split(/(?:\s|\\r|\\n)*(?:\n|\\n)(?:\s|\\r|\\n)*/));
  return lines.filter((line) => line.length > leastOfLine && !/\s/.test(line)).slice(0, mostLines);
}

function formsOf({ text: secret, least }: Cuttable): Form[] {
  if (secret.length <= least) return [];
  const bytes = Buffer.from(secret);
  const plain = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(bytes.toString())];
  const base64 = [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const inside = text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
    return [inside, inside.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const hex = bytes.toString('hex');
  return [
    ...plain.map((text) => ({ text, length: least })),
    ...base64.map((text) => ({ text, length: Math.ceil((least * 4) / 3) + 1 })),
    ...[hex, hex.toUpperCase()].map((text) => ({ text, length: 2 * least })),
  ];
}

/** The parts of all forms, by their length. */
function indexOf(forms: readonly Form[]): ReadonlyMap<number, ReadonlyMap<string, Part>> {
  const index = new Map<number, Map<string, Part>>();
  for (const { text, length } of forms) {
    const parts = index.get(length) ?? new Map<string, Part>();
    index.set(length, parts);
    for (let at = 0; at + length <= text.length; at++) {
      const part = text.slice(at, at + length);
      const known = parts.get(part);
      const isFirst = at === 0 || known?.isFirst === true;
      const isLast = at + length === text.length || known?.isLast === true;
      parts.set(part, { isFirst, isLast });
    }
  }
  return index;
}

/** The longest spans whose every `length` characters are part of a secret, if they are to be masked. */
function spansOf(text: string, length: number, parts: ReadonlyMap<string, Part>): Span[] {
  const spans: Span[] = [];
  const partAt = (at: number): Part | undefined => parts.get(text.slice(at, at + length));
  for (let at = 0; at + length <= text.length; at++) {
    const start = at;
    let isAtBorder = false;
    for (let part = partAt(at); part !== undefined; part = partAt(at)) {
      isAtBorder ||= part.isFirst || part.isLast;
      at++;
    }
    if (at === start) continue;
    const end = at + length - 1;
    if (end - start >= 2 * length || isBesideEllipsis(text, start, end)) spans.push([start, end]);
    // Base64 and hexadecimal are not words.
    else if (isAtBorder && (length > shortest || !isPlain(text.slice(start, end)))) spans.push([start, end]);
  }
  return spans;
}

function isBesideEllipsis(text: string, start: number, end: number): boolean {
  return (
    /^["')\]]?(?:…|\.{2,})/.test(text.slice(end, end + 3)) ||
    /(?:…|\.{2,})["'([]?$/.test(text.slice(Math.max(0, start - 3), start))
  );
}

/** A single word or a number. */
function isPlain(text: string): boolean {
  return /^(?:\p{Lu}?\p{Ll}+|\p{Lu}+|\d+)$/u.test(text);
}
