import type { Connection as Client } from 'mysql2';
import type { Column } from './catalog.ts';
import { ownQuery } from './own-query.ts';
import { quoteLiteral } from './quote.ts';

/** Some characters in the order of a collation, by which texts can be compared roughly. */
export interface Alphabet {
  /** The lowest first, one of each that the collation distinguishes. */
  readonly characters: readonly string[];
  /** The index of each character of a text; of the closest one if the alphabet does not have it. */
  ranksOf(text: string): readonly number[];
}

/** First and last code point, and the step: printable ASCII, and some characters of other scripts. */
const scripts = [
  [0x20, 0x7e, 1],
  [0xc0, 0x17e, 3],
  [0x391, 0x3c9, 3],
  [0x410, 0x44f, 3],
  [0x5d0, 0x5ea, 3],
  [0x621, 0x64a, 3],
  [0xe01, 0xe2e, 3],
  [0x3041, 0x30f6, 9],
  [0x4e00, 0x9fff, 128],
  [0xac00, 0xd7a3, 128],
  [0x1f300, 0x1f6ff, 64],
] as const;

interface RankRow {
  readonly code: number;
  readonly place: number | string;
}

/** The alphabet of a column's collation. One query; errors are those of mysql2. */
export async function alphabetOf(
  client: Client,
  { charset, collation }: Pick<Column, 'charset' | 'collation'>,
): Promise<Alphabet> {
  const codes = scripts.flatMap(([first, last, step]) =>
    Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step),
  );
  const rows = await ownQuery<RankRow>(client, rankQuery(codes, charset ?? 'utf8mb4', collation ?? 'utf8mb4_bin'));
  const ranks = new Map(rows.map(({ code, place }) => [code, Number(place) - 1]));
  const characters: string[] = [];
  for (const [code, rank] of ranks) characters[rank] ??= String.fromCodePoint(code);
  return { characters, ranksOf: (text) => Array.from(text, (character) => rankOf(character, ranks)) };
}

/** Without the characters that the charset of the column does not have. */
function rankQuery(codes: readonly number[], charset: string, collation: string): string {
  const [first, ...others] = codes.map((code) => [code, quoteLiteral(String.fromCodePoint(code))] as const);
  const list = [
    `select ${first?.[0]} as code, ${first?.[1]} as symbol`,
    ...others.map(([code, symbol]) => `select ${code}, ${symbol}`),
  ].join(' union all ');
  const converted = `convert(l.symbol using ${charset})`;
  const place = `dense_rank() over (order by ${converted} collate ${collation})`;
  return `select l.code as code, ${place} as place from (${list}) l where cast(convert(${converted} using utf8mb4) as binary) = cast(l.symbol as binary) order by l.code`;
}

function rankOf(character: string, ranks: ReadonlyMap<number, number>): number {
  const code = character.codePointAt(0) ?? 0;
  for (let near = code; near >= 0x20 && near > code - 256; near--) {
    const rank = ranks.get(near);
    if (rank !== undefined) return rank;
  }
  return 0;
}
