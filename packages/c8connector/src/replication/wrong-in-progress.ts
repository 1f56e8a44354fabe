import { isCount, isJsonObject } from '../singer/document.ts';

/**
 * The path of the first wrong member of a value that should be the progress of a stream, such as `.ranges[2].position`, or '' when the value itself is wrong. Undefined when it is valid.
 */
export function wrongInProgress(value: unknown): string | undefined {
  if (!isJsonObject(value)) return '';
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
    ['.position', isJsonObject(position ?? {})],
  ],
  LOG_BASED: (value) => [
    ['.logPosition', isJsonObject(value.logPosition)],
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
      if (!isJsonObject(range)) return [[at, false]];
      return [
        [`${at}.from`, 'from' in range],
        [`${at}.to`, 'to' in range],
        [`${at}.position`, isJsonObject(range.position ?? {})],
        [`${at}.isDone`, range.isDone === undefined || range.isDone === true],
      ];
    }),
  ];
}

function firstWrong(checked: readonly Checked[]): string | undefined {
  return checked.find(([, isRight]) => !isRight)?.[0];
}
