import { isC8Error } from '../../errors.ts';
import type { Catalog, CatalogEntry } from '../../singer/catalog.ts';
import { selectStreams } from '../../singer/selection.ts';
import { type Check, errorText, Finding, NotRunnable } from '../check.ts';
import { selectAll } from './recording.ts';
import type { SourceContext } from './source-context.ts';

const unknown = 'c8_no_such_stream';

/** 39 */
export const unknownStream: Check<SourceContext> = {
  number: 39,
  title: 'a catalog that selects an unknown stream is refused with an error of the C8 classes that names it',
  where: 'where read looks for the selected streams: a ConfigError stream_unknown, and not silence',
  async run(context) {
    const catalog = await context.catalog();
    const [entry] = selectStreams(catalog);
    if (entry === undefined) throw new NotRunnable('no stream is selected');
    const stranger: CatalogEntry = {
      ...entry,
      tap_stream_id: unknown,
      stream: unknown,
      table_name: unknown,
    };
    const known = selectAll(catalog, [entry.tap_stream_id]);
    const alone = selectAll({ ...catalog, streams: [stranger] });
    await checkRefused(context, alone, 'an unknown stream');
    await checkRefused(
      context,
      { ...catalog, streams: [...known.streams, ...alone.streams] },
      `an unknown stream beside '${entry.tap_stream_id}'`,
    );
  },
};

async function checkRefused(context: SourceContext, catalog: Catalog, what: string): Promise<void> {
  const wanted = `an error that names '${unknown}', when the catalog selects ${what}`;
  let error: unknown;
  try {
    await context.readWith(catalog);
  } catch (thrown) {
    error = thrown;
  }
  if (error === undefined) throw new Finding(wanted, 'no error');
  if (!isC8Error(error) || error.name === 'ConnectorError')
    throw new Finding(`${wanted}: a ConfigError or another that says who must act`, errorText(error), { cause: error });
  if (!error.message.includes(unknown)) throw new Finding(wanted, errorText(error), { cause: error });
}
