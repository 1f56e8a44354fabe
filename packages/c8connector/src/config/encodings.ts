const named: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};
const escapes: Readonly<Record<string, string>> = { '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' };

/**
 * The sources of regular expressions (flag `u`) that find a text as it is, or with any of its characters escaped: in JSON (once or nested), percent-encoded
 * (once or nested), form-encoded, in XML, doubled as in SQL. A long text is split into several expressions, which match consecutive parts of it.
 */
export function flexibleText(text: string): string[] {
  // A run of the same character is one piece: two flexible characters of the same kind in a row could be matched in too many ways.
  const pieces = text.replace(/\r\n/g, '\n').match(/\\{1,50}|'{1,50}|./gsu) ?? [];
  return inParts(pieces).map((part) => part.map(flexiblePiece).join(''));
}

/** The most characters that one regular expression looks for: far more would exhaust the engine's stack. */
const longest = 128;

/** Parts of nearly equal length, so that none is short enough to occur in other texts by chance. */
export function inParts<T>(pieces: readonly T[]): T[][] {
  const count = Math.ceil(pieces.length / longest);
  const start = (index: number) => Math.floor((index * pieces.length) / count);
  return Array.from({ length: count }, (_, index) => pieces.slice(start(index), start(index + 1)));
}

function flexiblePiece(piece: string): string {
  const count = piece.length;
  if (piece.startsWith('\\')) return `(?:\\\\{${count},}|(?:${escapeForms('\\').join('|')}){${count}})`;
  if (piece.startsWith("'"))
    return `(?:(?:\\\\*'){${count},${2 * count}}|(?:&apos;|${escapeForms("'").join('|')}){${count}})`;
  return flexibleCharacter(piece);
}

function flexibleCharacter(character: string): string {
  if (/^[A-Za-z0-9_]$/.test(character)) return character;
  return `(?:${[...rawForms(character), ...escapeForms(character)].join('|')})`;
}

function rawForms(character: string): string[] {
  if (character === '\n') return ['\\\\+r\\\\+n', '\\\\+n', '%(?:25)*0[dD]%(?:25)*0[aA]', '\\r?\\n'];
  if (character === ' ') return [' ', '\\+'];
  const letter = escapes[character];
  if (letter !== undefined) return [`\\\\+${letter}`, literal(character)];
  const entity = named[character];
  return [`\\\\*${literal(character)}`, ...(entity === undefined ? [] : [entity])];
}

function escapeForms(character: string): string[] {
  const code = character.codePointAt(0) ?? 0;
  const forms = [unicodeEscape(character)];
  if (code < 0xd800 || code > 0xdfff) forms.push(percentEncoded(character));
  if (code < 0x80) {
    const digits = anyCase(code.toString(16));
    forms.push(`&#(?:0*${code}|[xX]0*${digits});`, `\\\\+x0?${digits}`);
  }
  return forms;
}

function literal(character: string): string {
  return /[\^$\\.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}

function unicodeEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\\\+u${anyCase(unit.toString(16).padStart(4, '0'))}`).join('');
}

function percentEncoded(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%(?:25)*${anyCase(byte.toString(16).padStart(2, '0'))}`).join('');
}

function anyCase(digits: string): string {
  return digits.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
