/** A part of a statement of SQL. */
export interface Token {
  /** A word is a keyword or a name without quotes. */
  readonly kind: 'word' | 'name' | 'string' | 'symbol';
  /** Without quotes. */
  readonly text: string;
}

const ansiQuotes = 0x4;
const noBackslashEscapes = 0x100000;

/** Blanks and comments; `/*! … *\/` and `/*M! … *\/` are executed, so that only their ends are skipped. */
const skipped = /(?:\s+|--(?=\s|$)[^\n]*|#[^\n]*|\/\*M?!\d*|\*\/|\/\*(?!M?!)[\s\S]*?(?:\*\/|$))+/y;
const word = /[A-Za-z0-9_$\u0080-\uffff]+/y;

/** The parts of a statement, without its comments. A quote that does not end takes the rest. */
export function* tokensOf(text: string, sqlMode = 0): Generator<Token> {
  const isAnsi = (sqlMode & ansiQuotes) !== 0;
  const hasEscapes = Math.floor(sqlMode / noBackslashEscapes) % 2 === 0;
  let at = 0;
  while (at < text.length) {
    const blank = matchAt(skipped, text, at);
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    const first = text.charAt(at);
    const isName = first === '`' || (first === '"' && isAnsi);
    if (isName || first === '"' || first === "'") {
      const end = endOfQuote(text, at, hasEscapes && !isName);
      const inside = text.slice(at + 1, end - 1).replaceAll(first + first, first);
      yield { kind: isName ? 'name' : 'string', text: inside };
      at = end;
      continue;
    }
    const found = matchAt(word, text, at) ?? first;
    yield { kind: found === first && !/\w/.test(first) && first < '\u0080' ? 'symbol' : 'word', text: found };
    at += found.length;
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** The position after the closing quote. */
function endOfQuote(text: string, start: number, hasEscapes: boolean): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\' && hasEscapes) at += 1;
    else if (character === quote && text.charAt(at + 1) === quote) at += 1;
    else if (character === quote) return at + 1;
  }
  return text.length + 1;
}
