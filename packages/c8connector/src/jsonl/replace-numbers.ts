/**
 * A JSON text with some of its numbers replaced: by what `replace` returns for one, unless that is undefined. The same text when nothing was replaced. Strings are skipped; the text need
 * not be valid JSON.
 */
export function replaceNumbers(text: string, replace: (number: string) => string | undefined): string {
  const pieces: string[] = [];
  let copied = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = behindString(text, at);
    else if (code !== 0x2d && (code < 0x30 || code > 0x39)) at++;
    else {
      const end = behindNumber(text, at);
      const other = isSafeInteger(text, at, end) ? undefined : replace(text.slice(at, end));
      if (other !== undefined) {
        pieces.push(text.slice(copied, at), other);
        copied = end;
      }
      at = end;
    }
  }
  if (pieces.length === 0) return text;
  pieces.push(text.slice(copied));
  return pieces.join('');
}

function behindString(text: string, start: number): number {
  for (let at = start + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return text.length;
    let first = quote;
    while (text.charCodeAt(first - 1) === 0x5c) first--;
    if ((quote - first) % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

/** Digits, signs, points and the e of exponents. */
function behindNumber(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isSign = code === 0x2b || code === 0x2d || code === 0x2e;
    if (!isSign && (code < 0x30 || code > 0x39) && (code | 0x20) !== 0x65) return at;
  }
  return text.length;
}

/** A fast check for a few digits and nothing else, as in most numbers. */
function isSafeInteger(text: string, start: number, end: number): boolean {
  if (end - start > 15) return false;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}
