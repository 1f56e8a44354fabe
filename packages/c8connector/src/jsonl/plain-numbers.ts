/** Numbers of so many characters and no more are safe integers, if they have neither point nor exponent. */
const safeLength = 15;

/**
 * Whether every number in a JSON text is one that `isPlain` accepts: then `JSON.parse` loses nothing. The text is looked at once, and may be anything; of what is not JSON the answer means
 * nothing.
 */
export function hasPlainNumbers(text: string, isPlain: (number: string) => boolean): boolean {
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = behindString(text, at);
    else if (code !== 0x2d && (code < 0x30 || code > 0x39)) at++;
    else {
      const end = behindNumber(text, at);
      if (end - at > safeLength || !isShortInteger(text, at, end)) if (!isPlain(text.slice(at, end))) return false;
      at = end;
    }
  }
  return true;
}

function behindString(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

/** Digits, signs, points and the e of exponents. */
function behindNumber(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isPart =
      (code >= 0x30 && code <= 0x39) || code === 0x2b || code === 0x2d || code === 0x2e || (code | 0x20) === 0x65;
    if (!isPart) return at;
  }
  return text.length;
}

/** Digits alone, which do not begin with -0. */
function isShortInteger(text: string, start: number, end: number): boolean {
  if (text.charCodeAt(start) === 0x2d)
    return text.charCodeAt(start + 1) !== 0x30 && isShortInteger(text, start + 1, end);
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}
