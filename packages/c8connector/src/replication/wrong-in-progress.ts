/**
 * The path of the first member that is wrong in a value that should be the progress of a stream, such as `.ranges[2].position`; undefined when all of them
 * are right. '' is the value itself.
 */
export function wrongInProgress(value: unknown): string | undefined {
  if (!isObject(value)) return '';
  return firstWrong([
    ['.copy', isCount(value.copy)],
    ['.version', isCount(value.version)],
    ...(shapes[String(value.method)]?.(value) ?? ([['.method', false]] as const)),
  ]);
}

type Fields = Readonly<Record<string, unknown>>;
type Checked = readonly [path: string, isRight: boolean];

const shapes: { readonly [method: string]: (value: Fields) => readonly Checked[] } = {
  FULL_TABLE: (value) =>
    value.phase === 'copied'
      ? [['.run', typeof value.run === 'string']]
      : [isPhase(value, 'copying'), ...ofCopy(value)],
  INCREMENTAL: ({ replicationKey, isNumber, position }) => [
    ['.replicationKey', typeof replicationKey === 'string'],
    ['.isNumber', isNumber === undefined || isNumber === true],
    ['.position', isObject(position ?? {})],
  ],
  LOG_BASED: (value) => [
    ['.logPosition', isObject(value.logPosition)],
    ...(value.phase === 'following' ? [] : [isPhase(value, 'copying'), ...ofCopy(value)]),
  ],
};

function isPhase({ phase }: Fields, name: string): Checked {
  return ['.phase', phase === name];
}

function ofCopy({ ranges, session }: Fields): readonly Checked[] {
  const isList = Array.isArray(ranges) && ranges.length > 0;
  return [
    ['.session', session === undefined || typeof session === 'string'],
    ['.ranges', isList],
    ...(isList ? ranges : []).flatMap((range: unknown, index): Checked[] => {
      const at = `.ranges[${index}]`;
      if (!isObject(range)) return [[at, false]];
      return [
        [`${at}.from`, 'from' in range],
        [`${at}.to`, 'to' in range],
        [`${at}.position`, isObject(range.position ?? {})],
        [`${at}.isDone`, range.isDone === undefined || range.isDone === true],
      ];
    }),
  ];
}

function firstWrong(checked: readonly Checked[]): string | undefined {
  return checked.find(([, isRight]) => !isRight)?.[0];
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
