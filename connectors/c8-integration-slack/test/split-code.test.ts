import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdown, mrkdwn } from '../c8_integration_slack/markup.ts';
import { splitText } from '../c8_integration_slack/split-text.ts';
import { openSlack, textsOf } from './harness.ts';

/** A text as it is read: each character with whether it is code. */
type Shown = string;

/** Slack's mrkdwn, parsed independently of the code under test: fences wherever they are, else single backticks within a line. */
function shownMrkdwn(text: string): Shown {
  const pieces = text.split('```');
  // An even number of fences leaves an odd number of pieces.
  expect(pieces.length % 2).toBe(1);
  return pieces
    .map((piece, index) => {
      if (index % 2 === 1) return marked(piece);
      return piece
        .split('\n')
        .map((line) => {
          const parts = line.split('`');
          expect(parts.length % 2).toBe(1);
          return parts.map((part, at) => (at % 2 === 1 ? marked(part) : part)).join('');
        })
        .join('\n');
    })
    .join('');
}

/** CommonMark's fences, line by line. Line breaks count outside of code alone: a line that is parted in a block ends there. */
function shownMarkdown(text: string): Shown {
  let fence = '';
  const shown = text.split('\n').map((line) => {
    const [, mark = ''] = /^(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence === '' && mark !== '') {
      fence = mark;
      return '';
    }
    if (fence !== '' && mark.startsWith(fence)) {
      fence = '';
      return '';
    }
    if (fence !== '') return marked(line);
    return line
      .split('`')
      .map((part, at) => (at % 2 === 1 ? marked(part) : part))
      .join('');
  });
  expect(fence).toBe('');
  return shown.join('');
}

/** Each character of code, so that code in two parts reads as code in one. */
function marked(code: string): string {
  return [...code].map((character) => `\u0001${character}`).join('');
}

const words = fc.constantFrom(
  'word',
  ' ',
  '\n',
  '• item',
  '\n• one two\n',
  '\n1. first\n',
  '&amp;',
  '<https://a.example|a link>',
  '*bold text*',
  '😀',
  'x'.repeat(50),
);
const code = fc
  .array(fc.constantFrom('let x = 1;', ' ', '\n', '  indented', '&lt;', '*', '_', 'y'.repeat(40), '👩‍👩‍👧'), {
    minLength: 1,
    maxLength: 40,
  })
  .map((parts) => parts.join(''));
const inline = code.map((text) => text.replaceAll('\n', ' ')).filter((text) => text.trim() !== '');
const lines = code.filter((text) => text.trim() !== '');
const limits = fc.integer({ min: 40, max: 200 });

const textsOfSlack = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: words },
      lines.map((text) => `\`\`\`${text}\`\`\``),
      lines.map((text) => `\`\`\`\n${text}\n\`\`\``),
      inline.map((text) => `\`${text}\``),
    ),
    { maxLength: 30 },
  )
  // Backticks of neighbours would join.
  .map((parts) => parts.join(' '));

const textsOfMarkdown = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: words },
      fc
        .tuple(fc.constantFrom('```', '~~~', '````'), fc.constantFrom('', 'js', 'python title'), lines)
        .map(([fence, info, text]) => `\n${fence}${info}\n${text}\n${fence}\n`),
      inline.map((text) => `\`${text}\``),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(' '));

describe('Code in parts of a text', () => {
  it('is closed in each part and opened again in the next one: together they show the same', () => {
    fc.assert(
      fc.property(textsOfSlack, limits, (text, limit) => {
        const parts = splitText(text, limit, mrkdwn);
        expect(parts.every((part) => part.length <= limit)).toBe(true);
        expect(parts.map(shownMrkdwn).join('')).toBe(shownMrkdwn(text));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps its fences and its language in a markdown block', () => {
    fc.assert(
      fc.property(textsOfMarkdown, limits, (text, limit) => {
        const parts = splitText(text, limit, markdown);
        expect(parts.every((part) => part.length <= limit)).toBe(true);
        expect(parts.map(shownMarkdown).join('')).toBe(shownMarkdown(text));
      }),
      { numRuns: 500 },
    );
  });

  it('is not changed if the text has no code', () => {
    fc.assert(
      fc.property(
        fc.array(words).map((parts) => parts.join('')),
        limits,
        (text, limit) => {
          expect(splitText(text, limit, mrkdwn).join('')).toBe(text);
        },
      ),
    );
  });

  it.each([
    ['after a line of it', '```one\ntwo\nthree\nfour```', 18, ['```one\ntwo\n```', '```three\nfour```']],
    [
      'before it, where there is much before',
      'a few words to begin\n```one\ntwo```',
      28,
      ['a few words to begin\n', '```one\ntwo```'],
    ],
    [
      'not within code of one line',
      'a few words and `some code` behind',
      24,
      ['a few words and ', '`some code` behind'],
    ],
    [
      'within code of one line that is longer than a part',
      `\`${'a'.repeat(30)}\``,
      20,
      ['`aaaaaaaaaaaaaaaaaa`', '`aaaaaaaaaaaa`'],
    ],
    ['not within bold', 'plain words *bold words here* end', 25, ['plain words ', '*bold words here* end']],
    ['anywhere if a fence has no counterpart', 'one ``` two three four five', 15, ['one ``` two ', 'three four five']],
  ])('ends a part %s', (_, text, limit, parts) => {
    expect(splitText(text, limit, mrkdwn)).toEqual(parts);
  });

  it('of any kind is split quickly', () => {
    const texts = [
      '`'.repeat(200_000),
      '```'.repeat(70_000),
      '```a```'.repeat(30_000),
      '~'.repeat(200_000),
      '*'.repeat(200_000),
      '`a` '.repeat(50_000),
      '\n```\na\n```'.repeat(20_000),
      `\`\`\`${'a\n'.repeat(100_000)}`,
    ];
    for (const text of texts) {
      for (const markup of [mrkdwn, markdown]) {
        const startedAt = performance.now();
        splitText(text, 4000, markup);
        expect(performance.now() - startedAt).toBeLessThan(3000);
      }
    }
  });
});

describe('A post with code', () => {
  const log = Array.from({ length: 400 }, (_, index) => `2026-01-01 line ${index} of a log`).join('\n');

  it('of more than a message shows code in each of them', async () => {
    await using opened = await openSlack();
    await opened.call('postMessage', { text: `Failed:\n\`\`\`\n${log}\n\`\`\`\nSee above.` });
    const texts = textsOf(opened);
    expect(texts.length).toBeGreaterThan(2);
    expect(texts.every((text) => text.length <= 4000)).toBe(true);
    expect(texts.map(shownMrkdwn).join('')).toBe(shownMrkdwn(`Failed:\n\`\`\`\n${log}\n\`\`\`\nSee above.`));
  });

  it.each([
    ['section', (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } }), shownMrkdwn],
    ['context', (text: string) => ({ type: 'context', elements: [{ type: 'mrkdwn', text }] }), shownMrkdwn],
    ['markdown', (text: string) => ({ type: 'markdown', text }), shownMarkdown],
  ])('in a %s block shows code in each of its blocks', async (type, blockOf, shown) => {
    await using opened = await openSlack();
    const text = `\`\`\`\n${log}\n\`\`\``;
    await opened.call('postMessage', { blocks: [blockOf(text)] });
    const blocks: readonly Block[] = opened.server
      .messages(opened.channel)
      .flatMap((message) => (message.blocks ?? []) as unknown as readonly Block[]);
    const texts = blocks.flatMap((block) => textsIn(block));
    expect(blocks.every((block) => block.type === type)).toBe(true);
    expect(texts.map(shown).join('')).toBe(shown(text));
  });
});

interface Block {
  readonly type: string;
  readonly text?: string | { readonly text: string };
  readonly elements?: readonly { readonly text: string }[];
}

function textsIn({ text, elements = [] }: Block): string[] {
  const own = typeof text === 'string' ? text : text?.text;
  return [...(own === undefined ? [] : [own]), ...elements.map((element) => element.text)];
}
