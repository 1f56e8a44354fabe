import { flexibleText, inParts } from './encodings.ts';
import { cutFinder, type Span } from './mask-cut.ts';
import { spanInWhole, unwrapped } from './unwrap.ts';

const replacement = '[secret]';
/** Shorter secrets would be found by chance across the end of a line. */
const wrappable = 8;
/** How many texts without a secret are remembered, and of how many characters at most: ids and names recur in each event of a run. */
const mostClean = 1000;
const mostRemembered = 200;

/**
 * Makes the function that masks the texts of a run's log, errors and reports. It replaces each secret by `[secret]` in any encoding: as it is, escaped in JSON,
 * percent-encoded (also twice), form-encoded, base64 and base64url at any offset, hexadecimal. A PEM block is also masked line by line. A secret of less than
 * 4 characters is masked only as a whole word, and one of less than 6 bytes not in base64 inside a longer text. A secret of eight or more characters is also
 * masked where line breaks split it, and where only a part of it is left: see `cutFinder`.
 */
export function createMask(secrets: Iterable<string>): (text: string) => string {
  const known = [...new Set(secrets)].filter((secret) => secret.trim() !== '');
  if (known.length === 0) return (text) => text;
  const patterns = known.flatMap(patternsOf);
  // A file is already searched for line by line.
  const long = known.filter((secret) => secret.length >= wrappable && !secret.includes('\n')).flatMap(patternsOf);
  const cut = cutFinder(known);
  const clean = new Set<string>();
  return (text) => {
    if (clean.has(text)) return text;
    const spans = [...patterns.flatMap((pattern) => spansOf(pattern, text)), ...cut(text)];
    for (const lines of unwrapped(text)) {
      const found = [...long.flatMap((pattern) => spansOf(pattern, lines.text)), ...cut(lines.text)];
      spans.push(...found.map((span) => spanInWhole(lines, span)));
    }
    if (spans.length > 0) return withoutSpans(text, spans);
    if (text.length <= mostRemembered) {
      if (clean.size >= mostClean) clean.clear();
      clean.add(text);
    }
    return text;
  };
}

function patternsOf(secret: string): RegExp[] {
  if (secret.length < 4) {
    return flexibleText(secret).map((source) => new RegExp(`(?<![\\p{L}\\p{N}_])${source}(?![\\p{L}\\p{N}_])`, 'gu'));
  }
  const trimmed = secret.trim();
  const texts = new Set([secret, ...(trimmed.length >= 4 ? [trimmed] : []), ...pemLines(secret)]);
  const sources = new Set([...[...texts].flatMap(flexibleText), ...hexadecimal(secret), ...base64(secret)]);
  return [...sources].map((source) => new RegExp(source, 'gu'));
}

/** The lines of PEM blocks that carry content, whether they are separated by newlines, spaces or a written `\n`. */
function pemLines(secret: string): string[] {
  const blocks = secret.matchAll(/-----BEGIN [^-]+-----([\s\S]*?)(?:-----END|$)/g);
  return [...blocks].flatMap((block) => (block[1] ?? '').split(/(?:\s|\\r|\\n)+/)).filter((line) => line.length >= 8);
}

function hexadecimal(secret: string): string[] {
  const digits = [...Buffer.from(secret).toString('hex')];
  return inParts(digits).map((part) =>
    part.join('').replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`),
  );
}

/** The secret alone with its padding, and what it looks like inside a longer text that starts 0, 1 or 2 bytes before it. */
function base64(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const alone = bytes.toString('base64');
  if (bytes.length < 6) {
    return flexibleBase64(alone).map((source) => `(?<![A-Za-z0-9+/_-])${source}(?![A-Za-z0-9+/_-])`);
  }
  const inside = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // Characters that also encode bits of a neighbouring byte are left out.
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
  return [alone, ...inside].flatMap(flexibleBase64);
}

function flexibleBase64(text: string): string[] {
  const padded = text.replace(/=+$/, '');
  const parts = inParts([...padded].map(flexibleDigit)).map((part) => part.join(''));
  const padding = padded === text ? '' : '(?:=|%(?:25)*3[dD]|\\\\u003[dD]){0,2}';
  return parts.map((part, index) => (index === parts.length - 1 ? part + padding : part));
}

function flexibleDigit(digit: string): string {
  if (digit === '+') return '(?:[+ -]|%(?:25)*2[bB]|\\\\u002[bB])';
  if (digit === '/') return '(?:\\\\*\\/|_|%(?:25)*2[fF]|\\\\u002[fF])';
  return digit;
}

/** All matches, overlapping ones too. */
function spansOf(pattern: RegExp, text: string): Span[] {
  const spans: Span[] = [];
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    spans.push([found.index, found.index + found[0].length]);
    // From the middle of a surrogate pair the search would return to its beginning, and never end.
    pattern.lastIndex = found.index + ((text.codePointAt(found.index) ?? 0) > 0xffff ? 2 : 1);
  }
  return spans;
}

function withoutSpans(text: string, spans: Span[]): string {
  spans.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  let masked = '';
  let end = -1;
  for (const [start, stop] of spans) {
    if (start > end) masked += text.slice(Math.max(end, 0), start) + replacement;
    end = Math.max(end, stop);
  }
  return masked + text.slice(end);
}
