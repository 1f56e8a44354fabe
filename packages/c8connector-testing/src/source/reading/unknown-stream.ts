import type { Catalog, CatalogEntry } from 'c8connector';
import { isC8Error, selectStreams } from 'c8connector';
import { type Check, errorText, Finding, NotRunnable, orReason } from '../../check.ts';
import { spoiled } from '../../interface/validation.ts';
import { record } from '../recording/recording.ts';
import { selectAll } from '../recording/selected-catalog.ts';
import type { SourceContext } from '../source-context.ts';

const unknown = 'c8_no_such_stream';

/** 39 */
export const unknownStream: Check<SourceContext> = {
  number: 39,
  title:
    'a read of an unknown stream, or with a refused login, fails with an error that says who must act, and never looks like an empty stream',
  where:
    'where read looks for the selected streams: a ConfigError stream_unknown; where it takes an error for the end of the rows; and what is kept of an earlier login, such as a token: keep it by the secret that it was got with',
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
    await checkLogin(context, catalog);
  },
};

/** Checks that a refused login fails the read: a read that treats errors as the end of the rows would make a stream look empty. */
async function checkLogin(context: SourceContext, catalog: Catalog): Promise<void> {
  const wrong = await orReason(async () => spoiled(context, await context.config()));
  // A source without a secret has no login to refuse.
  for (const { name, config } of 'value' in wrong ? wrong.value : []) {
    const source = context.makeConnector();
    const read = record(source, { config, catalog, log: context.log }, context.recordCap);
    const error = await read.then(
      ({ messages }) =>
        new Finding(`a read with ${name} that ends with an error`, `${messages.length} messages, and no error`),
      (thrown: unknown) => thrown,
    );
    if (error instanceof Finding) throw error;
    if (!isC8Error(error) || error.name === 'ConnectorError')
      throw new Finding(`a read with ${name} that says who must act`, errorText(error), { cause: error });
  }
}

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
