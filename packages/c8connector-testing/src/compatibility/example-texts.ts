import { wholePattern } from 'c8connector';
import { pick } from './seeded-random.ts';

/** Makes a text that a part of a pattern matches. */
type Maker = (random: () => number) => string;

const classes: Readonly<Record<string, string>> = {
  d: '0123456789',
  w: 'abcxyzABCXYZ0189_',
  s: ' ',
};
const anySign = 'abcxyzABCXYZ0189_-. ';
/** How often a part without an upper bound is repeated at most, beyond its lower one. */
const moreOften = 6;

/** Texts that the whole of a regular expression matches; undefined when it uses more than the common part of the language. */
export function exampleTexts(pattern: string, random: () => number, count: number): readonly string[] | undefined {
  const reader = { text: pattern, at: 0 };
  try {
    const make = alternatives(reader);
    if (reader.at < pattern.length) return undefined;
    const whole = new RegExp(wholePattern(pattern), 'u');
    const texts = Array.from({ length: count }, () => make(random)).filter((text) => text !== '' && whole.test(text));
    return texts.length === 0 ? undefined : texts;
  } catch {
    return undefined;
  }
}

interface Reader {
  readonly text: string;
  at: number;
}

function alternatives(reader: Reader): Maker {
  const choices = [sequence(reader)];
  while (reader.text[reader.at] === '|') {
    reader.at += 1;
    choices.push(sequence(reader));
  }
  return (random) => pick(random, choices)?.(random) ?? '';
}

function sequence(reader: Reader): Maker {
  const parts: Maker[] = [];
  while (reader.at < reader.text.length && !'|)'.includes(reader.text[reader.at] ?? '')) {
    parts.push(repeated(reader, part(reader)));
  }
  return (random) => parts.map((make) => make(random)).join('');
}

function part(reader: Reader): Maker {
  const sign = takeSign(reader);
  if (sign === '^' || sign === '$') return () => '';
  if (sign === '.') return oneOf(anySign);
  if (sign === '[') return signClass(reader);
  if (sign === '\\') return oneOf(escaped(reader));
  if (sign !== '(') return () => sign;
  const opening = /^\?(?::|<[A-Za-z_]\w*>)/.exec(reader.text.slice(reader.at))?.[0] ?? '';
  if (opening === '' && reader.text[reader.at] === '?') throw new Error('looks around');
  reader.at += opening.length;
  const make = alternatives(reader);
  if (takeSign(reader) !== ')') throw new Error('an open group');
  return make;
}

function repeated(reader: Reader, make: Maker): Maker {
  const [whole = '', sign = '', from, comma, to] =
    /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(reader.text.slice(reader.at)) ?? [];
  if (whole === '') return make;
  reader.at += whole.length;
  const least = from === undefined ? Number(sign === '+') : Number(from);
  const most =
    from === undefined
      ? sign === '?'
        ? 1
        : least + moreOften
      : comma === undefined
        ? least
        : Number(to || least + moreOften);
  return (random) =>
    Array.from({ length: least + Math.floor(random() * (most - least + 1)) }, () => make(random)).join('');
}

function signClass(reader: Reader): Maker {
  if (reader.text[reader.at] === '^') throw new Error('a class of what is not in it');
  let signs = '';
  for (let sign = takeSign(reader); sign !== ']'; sign = takeSign(reader)) {
    const set = sign === '\\' ? escaped(reader) : sign;
    const isRange = set.length === 1 && reader.text[reader.at] === '-' && reader.text[reader.at + 1] !== ']';
    if (!isRange) {
      signs += set;
      continue;
    }
    reader.at += 1;
    const end = takeSign(reader);
    const [first, last] = [set.charCodeAt(0), (end === '\\' ? escaped(reader) : end).charCodeAt(0)];
    for (let code = first; code <= Math.min(last, first + 200); code += 1) signs += String.fromCharCode(code);
  }
  return oneOf(signs);
}

function escaped(reader: Reader): string {
  const sign = takeSign(reader);
  const set = classes[sign];
  if (set !== undefined) return set;
  if (/[A-Za-z0-9]/.test(sign)) throw new Error(`\\${sign}`);
  return sign;
}

function oneOf(signs: string): Maker {
  return (random) => pick(random, [...signs]) ?? '';
}

function takeSign(reader: Reader): string {
  const sign = reader.text[reader.at];
  if (sign === undefined) throw new Error('the pattern ends');
  reader.at += 1;
  return sign;
}
