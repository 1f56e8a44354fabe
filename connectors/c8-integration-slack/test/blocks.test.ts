import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, fitBlocks, groupBlocks, limits } from '../c8_integration_slack/blocks.ts';
import { escapeText } from '../c8_integration_slack/escape.ts';
import { fallbackText } from '../c8_integration_slack/fallback-text.ts';

const text = (largest: number) =>
  fc
    .tuple(
      fc.constantFrom('plain_text', 'mrkdwn'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: Math.ceil(largest / 8) }),
    )
    .map(([type, one, times]) => ({ type, text: one.repeat(times) }));

const blocks: fc.Arbitrary<Block[]> = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('section'), text: text(6000), block_id: fc.uuid() }),
    fc.record({ type: fc.constant('section'), fields: fc.array(text(3000), { minLength: 1, maxLength: 25 }) }),
    fc.record({
      type: fc.constant('section'),
      text: text(6000),
      fields: fc.array(text(100), { minLength: 1, maxLength: 25 }),
    }),
    fc.record({ type: fc.constant('header'), text: text(400) }),
    fc.record({ type: fc.constant('context'), elements: fc.array(text(4000), { minLength: 1, maxLength: 25 }) }),
    fc.record({
      type: fc.constant('actions'),
      elements: fc.array(fc.constant({ type: 'button' }), { minLength: 1, maxLength: 60 }),
    }),
    fc.record({ type: fc.constant('markdown'), text: text(30_000).map((one) => one.text) }),
    fc.constant({ type: 'divider' }),
  ),
  { maxLength: 80 },
);

/** All texts of blocks, in the order of the kinds that are in them. */
function textsIn(value: unknown): string {
  if (Array.isArray(value)) return value.map(textsIn).join('');
  if (typeof value !== 'object' || value === null) return '';
  const { text: own, fields, elements } = value as Record<string, unknown>;
  return [typeof own === 'string' ? own : textsIn(own), textsIn(fields), textsIn(elements)].join('');
}

const lengthOf = (value: unknown) => (value === undefined ? 0 : (value as { text: string }).text.length);
const listOf = (value: unknown) => (value === undefined ? [] : (value as unknown[]));

describe('Blocks that fit', () => {
  it('contain all texts in order, within every limit', () => {
    fc.assert(
      fc.property(blocks, (given) => {
        const fit = fitBlocks(given);
        expect(textsIn(fit)).toBe(textsIn(given));
        for (const { type, text: own, fields, elements } of fit) {
          if (type === 'section') expect(lengthOf(own)).toBeLessThanOrEqual(limits.sectionText);
          if (type === 'header') expect(lengthOf(own)).toBeLessThanOrEqual(limits.headerText);
          if (type === 'markdown') expect((own as string).length).toBeLessThanOrEqual(limits.markdown);
          expect(listOf(fields).length).toBeLessThanOrEqual(limits.fields);
          expect(listOf(fields).every((field) => lengthOf(field) <= limits.fieldText)).toBe(true);
          expect(listOf(elements).length).toBeLessThanOrEqual(
            type === 'context' ? limits.contextElements : limits.actions,
          );
        }
        const ids = fit.flatMap(({ block_id }) => (block_id === undefined ? [] : [block_id]));
        expect(ids).toEqual(given.flatMap(({ block_id }) => (block_id === undefined ? [] : [block_id])));
      }),
      { numRuns: 40 },
    );
  });

  it('are put into messages of at most 50 blocks and 13,000 characters, in order', () => {
    fc.assert(
      fc.property(blocks, (given) => {
        const fit = fitBlocks(given);
        const groups = groupBlocks(fit);
        expect(groups.flat()).toEqual(fit);
        for (const group of groups) {
          expect(group.length).toBeGreaterThan(0);
          expect(group.length).toBeLessThanOrEqual(50);
          expect(textsIn(group).length).toBeLessThanOrEqual(13_000);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('are the same objects when nothing is too long', () => {
    const given = [
      { type: 'section', text: { type: 'mrkdwn', text: 'a' }, accessory: { type: 'button' }, block_id: 'b' },
    ];
    expect(fitBlocks(given)).toEqual(given);
    const unknown = [{ type: 'section' }, { type: 'brand_new' }, { type: 'context', elements: 'odd' }];
    expect(fitBlocks(unknown)).toEqual(unknown);
  });
});

describe('The text for notifications', () => {
  it.each([
    [
      'a header and an image',
      [
        { type: 'header', text: { type: 'plain_text', text: 'A < B' } },
        { type: 'image', alt_text: 'a cat' },
      ],
      'A &lt; B\na cat',
    ],
    [
      'fields',
      [
        {
          type: 'section',
          fields: [
            { type: 'mrkdwn', text: '*a*' },
            { type: 'plain_text', text: '*b*' },
          ],
        },
      ],
      '*a*\n*b*',
    ],
    [
      'a context and buttons',
      [
        { type: 'context', elements: [{ type: 'mrkdwn', text: 'by <@U1>' }] },
        { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Go' } }] },
      ],
      'by <@U1>\nGo',
    ],
    [
      'rich text',
      [
        {
          type: 'rich_text',
          elements: [
            {
              type: 'rich_text_section',
              elements: [
                { type: 'text', text: 'Hi ' },
                { type: 'user', user_id: 'U1' },
                { type: 'emoji', name: 'tada' },
              ],
            },
            {
              type: 'rich_text_list',
              elements: [{ type: 'rich_text_section', elements: [{ type: 'link', url: 'https://a.b?c&d' }] }],
            },
          ],
        },
      ],
      'Hi <@U1>:tada:\n• https://a.b?c&amp;d',
    ],
    ['blocks without text', [{ type: 'divider' }], 'Message'],
  ])('is made of %s', (_, given, expected) => {
    expect(fallbackText(given)).toBe(expected);
  });
});

describe('Escaped text', () => {
  it('mentions nobody, and links nowhere', () => {
    expect(escapeText('<!channel> & <https://a.b|x>')).toBe('&lt;!channel&gt; &amp; &lt;https://a.b|x&gt;');
  });
});
