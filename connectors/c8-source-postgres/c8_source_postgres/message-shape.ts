/** Whether the body of a message is complete: pg reads past the end of a truncated one, or waits forever. */
type IsWhole = (body: Buffer) => boolean;

const isEmpty: IsWhole = (body) => body.length === 0;
const oneText: IsWhole = (body) => behindTexts(body, 0, 1) === body.length;
const twoTexts: IsWhole = (body) => behindTexts(body, 0, 2) === body.length;

/** The messages of a server to a client that asked for protocol 3.0, by their letter (section "Message Formats" of PostgreSQL's documentation). */
const shapes: Readonly<Record<string, IsWhole>> = {
  R: (body) => body.length >= 4 && (body.readInt32BE(0) !== 10 || isListOfTexts(body, 4)),
  K: (body) => body.length >= 8,
  S: twoTexts,
  A: (body) => body.length > 4 && behindTexts(body, 4, 2) === body.length,
  N: isListOfFields,
  E: isListOfFields,
  Z: (body) => body.length === 1,
  T: isRowDescription,
  D: isDataRow,
  C: oneText,
  t: (body) => body.length >= 2 && body.length === 2 + 4 * body.readInt16BE(0),
  H: (body) => body.length >= 3 && body.length === 3 + 2 * body.readInt16BE(1),
  d: () => true,
  c: isEmpty,
  I: isEmpty,
  n: isEmpty,
  1: isEmpty,
  2: isEmpty,
  3: isEmpty,
};

/** Whether a server may send a message with this letter, and its body is complete. */
export function isWholeMessage(letter: string, body: Buffer): boolean {
  return isKnownMessage(letter) && shapes[letter]?.(body) === true;
}

/** Whether a server may send a message with this letter. */
export function isKnownMessage(letter: string): boolean {
  return Object.hasOwn(shapes, letter);
}

/** The position after this many texts that end in a zero byte; -1 when there are fewer. */
function behindTexts(body: Buffer, from: number, count: number): number {
  let at = from;
  for (let text = 0; text < count; text++) {
    const end = body.indexOf(0, at);
    if (end < 0) return -1;
    at = end + 1;
  }
  return at;
}

/** Whether a body is texts up to an empty one. */
function isListOfTexts(body: Buffer, from: number): boolean {
  let at = from;
  while (at >= 0 && at < body.length) {
    if (body[at] === 0) return at + 1 === body.length;
    at = behindTexts(body, at, 1);
  }
  return false;
}

/** Whether a body has a letter and a text for each field, up to a zero byte. */
function isListOfFields(body: Buffer): boolean {
  let at = 0;
  while (at >= 0 && at < body.length) {
    if (body[at] === 0) return at + 1 === body.length;
    at = behindTexts(body, at + 1, 1);
  }
  return false;
}

function isRowDescription(body: Buffer): boolean {
  if (body.length < 2) return false;
  let at = 2;
  for (let field = body.readInt16BE(0); field > 0; field--) {
    const end = behindTexts(body, at, 1);
    if (end < 0) return false;
    at = end + 18;
  }
  return at === body.length;
}

function isDataRow(body: Buffer): boolean {
  if (body.length < 2) return false;
  let at = 2;
  for (let field = body.readInt16BE(0); field > 0; field--) {
    if (at + 4 > body.length) return false;
    const length = body.readInt32BE(at);
    if (length < -1) return false;
    at += 4 + Math.max(0, length);
  }
  return at === body.length;
}
