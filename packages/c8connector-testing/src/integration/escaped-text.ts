import { render } from 'c8connector';
import { type Check, Finding, NotRunnable, shown } from '../check.ts';
import type { IntegrationContext } from './integration-context.ts';

/** Texts that services interpret as markup, and some that look as if they were escaped already. */
const texts = [
  '&',
  '<',
  '>',
  '&amp;',
  '&lt;',
  '&gt;',
  '<!channel>',
  '<@U012AB3CD>',
  '{{x}}',
  '*b*',
  '_',
  '`',
  '\\',
  '"',
];
const plain = 'Plain words, 12 of them';

/** 82 */
export const escapedText: Check<IntegrationContext> = {
  number: 82,
  title: 'escape does not change plain words and loses nothing: & < > and {{x}} stay a text',
  where: 'escape of the definition',
  async run({ connector }) {
    if (connector.escape === undefined) throw new NotRunnable('the integration has no escape');
    const escaping = (text: string) => connector.escape?.(text) ?? text;
    if (escaping(plain) !== plain) throw new Finding(`${shown(plain)} as it is`, shown(escaping(plain)));
    const seen = new Map<string, string>();
    for (const text of texts) {
      const escaped = escaping(text);
      if (typeof escaped !== 'string' || escaped === '') throw new Finding(`a text for ${shown(text)}`, shown(escaped));
      const other = seen.get(escaped);
      if (other !== undefined)
        throw new Finding(
          'different texts for different texts',
          `${shown(escaped)} for ${shown(other)} and ${shown(text)}`,
        );
      seen.set(escaped, text);
      const rendered = render({ text: '{{place}}, {{place}}' }, { place: text, x: 'expanded' }, escaping);
      const wanted = { text: `${escaped}, ${escaped}` };
      if (shown(rendered) !== shown(wanted)) throw new Finding(shown(wanted), shown(rendered));
      const around = escaping(`one ${text} two`);
      if (around !== `one ${escaped} two`)
        throw new Finding(`${shown(`one ${escaped} two`)}, with its words alone`, shown(around));
    }
  },
};
