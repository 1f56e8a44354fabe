import {
  type ConfigOf,
  ConnectionError,
  DataError,
  defineAction,
  defineIntegration,
  defineSource,
  defineTarget,
  type Row,
} from 'c8connector';

/** How the source fails. */
type Failure = 'never' | 'discover' | 'read';

/** Streams `list-1` and `list-2` of numbered rows in pages of ten, which can be resumed after each page. */
export class Lists extends defineSource({
  package: { name: 'c8-source-lists', version: '1.2.3' },
  name: 'Lists',
  description: 'Numbered rows.',
  config: {
    token: { type: 'password', displayName: 'Token', description: 'Secret.', isMandatory: true },
    rows: { type: 'integer', displayName: 'Rows', description: 'In a stream.', defaultValue: 25 },
    more: { type: 'string', displayName: 'More', description: 'A column more.' },
    fails: {
      type: 'options',
      displayName: 'Fails',
      description: 'Where.',
      options: ['never', 'discover', 'read'] satisfies Failure[],
      defaultValue: 'never',
    },
  },
  discover({ config }) {
    if (config.fails === 'discover') {
      throw new ConnectionError(`login refused with ${config.token.reveal()}`, { code: 'login_refused' });
    }
    const more = config.more === undefined ? {} : { [config.more]: { type: ['null', 'string'] as const } };
    return [1, 2].map((number) => ({
      id: `list-${number}`,
      schema: { type: 'object' as const, properties: { id: { type: 'integer' as const }, ...more } },
      keyProperties: ['id'],
      rowCount: config.rows,
    }));
  },
  async *read(stream, { config, bookmark }) {
    for (let first = Number(bookmark?.after ?? 0); first < config.rows; first += 10) {
      if (config.fails === 'read' && stream.id === 'list-1' && first >= 10) {
        throw new DataError(`row ${first} is bad, says ${config.token.reveal()}`, {
          code: 'value_refused',
          details: { stream: stream.id },
        });
      }
      const count = Math.min(10, config.rows - first);
      yield {
        rows: Array.from({ length: count }, (_, index) => ({ id: first + index + 1 })),
        bookmark: { after: first + count },
      };
    }
  },
}) {}

/** A target that keeps the rows of each stream in memory. */
export function shelf() {
  const rows = new Map<string, Row[]>();
  class Shelf extends defineTarget({
    package: { name: 'c8-target-shelf', version: '0.0.7' },
    name: 'Shelf',
    description: 'Rows in memory.',
    config: {},
    accepts: () => ({ flush: { rows: 10 } }),
    async *write(messages) {
      for await (const message of messages) {
        if (message.type === 'RECORDS')
          rows.set(message.stream, [...(rows.get(message.stream) ?? []), ...message.rows()]);
        if (message.type === 'FLUSH') yield message.state;
      }
    },
  }) {}
  return { connector: new Shelf(), ids: (stream: string) => (rows.get(stream) ?? []).map(({ id }) => id) };
}

const boardConfig = {
  token: { type: 'password', displayName: 'Token', description: 'Secret.', isMandatory: true },
  is_deaf: { type: 'boolean', displayName: 'Deaf', description: 'Never answers.', defaultValue: false },
} as const;

/** An integration that keeps the texts that it should post. */
export function board() {
  const said: { readonly text: string; readonly room?: string | undefined }[] = [];
  class Board extends defineIntegration({
    package: { name: 'c8-integration-board', version: '3.2.1' },
    name: 'Board',
    description: 'Says things.',
    config: boardConfig,
    actions: {
      say: defineAction<ConfigOf<typeof boardConfig>>()({
        description: 'Says a text.',
        input: {
          text: { type: 'string', displayName: 'Text', description: 'What is said.', isMandatory: true },
          room: { type: 'string', displayName: 'Room', description: 'Where.' },
          times: { type: 'integer', displayName: 'Times', description: 'How often.', defaultValue: 1, minimum: 1 },
        },
        output: { type: 'object' },
        example: { text: 'hello' },
        async run({ config, input }) {
          if (config.is_deaf) await new Promise((resolve) => setTimeout(resolve, 60_000));
          if (input.text.includes('lose-me'))
            throw new ConnectionError('the connection broke', { code: 'outcome_unknown' });
          said.push(input);
          return {};
        },
      }),
    },
  }) {}
  return { connector: new Board(), said };
}
