import { configMarkdown } from 'c8connector';
import { type Check, Finding, shown } from '../check.ts';
import type { ConnectorContext } from '../context.ts';
import { packageText } from '../package-files.ts';

const marked = /<!-- config -->([\s\S]*?)<!-- \/config -->/g;

/** 16 */
export const configDocs: Check<ConnectorContext> = {
  number: 16,
  title: 'the config table in README.md is up to date',
  where: 'README.md between <!-- config --> and <!-- /config -->: put the result of configMarkdown there',
  async run({ connector: { config }, packageFolder }) {
    const readme = await packageText(packageFolder, 'README.md');
    if (readme === undefined) throw new Finding('a README.md in the package', 'none');
    const wanted = linesOf(configMarkdown(config));
    const tables = [...readme.matchAll(marked)].map(([, table = '']) => linesOf(table));
    if (tables.length === 0 && wanted.length === 0) return;
    if (tables.length !== 1)
      throw new Finding('README.md with <!-- config --> and <!-- /config --> once', `${tables.length} times`);
    const found = tables[0] ?? [];
    const at = Array.from({ length: Math.max(found.length, wanted.length) }).findIndex(
      (_, index) => found[index] !== wanted[index],
    );
    if (at >= 0)
      throw new Finding(
        `line ${at + 1} of the table in README.md: ${shown(wanted[at] ?? 'no more lines')}`,
        shown(found[at] ?? 'no more lines'),
      );
  },
};

/** The lines without leading and trailing blank ones, with the line ends of any system. */
function linesOf(text: string): string[] {
  const trimmed = text.replaceAll('\r\n', '\n').trim();
  return trimmed === '' ? [] : trimmed.split('\n');
}
