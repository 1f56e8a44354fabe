import { ownFolder, percent, streamFolder } from './object-name.ts';

/**
 * The paths of a stream's objects below the folder of the config: `{stream}`, then columns of the record, and `{date}` and `{hour}` of the time of extraction. The path up to and including `{stream}` is the
 * same for all objects of a stream, so that they can be found.
 */
export interface PathTemplate {
  /** The columns in the path, in their order. */
  readonly columns: readonly string[];
  /** The folder with all objects of a stream, and of no other stream. Without a slash at its end. */
  streamFolder(stream: string): string;
  /** Whether the template can produce a folder, for any stream and values. Other folders belong to somebody else, such as a target whose folder lies within this one. */
  isFolder(folder: string): boolean;
  /** The folder of a record, from the texts of its `columns`, null for NULL, and the time in ISO 8601 in UTC. Without a slash at its end. */
  folder(stream: string, values: readonly (string | null)[], extractedAt: string): string;
}

/** A part of a path between two slashes: at most one placeholder, and the text around it. */
interface Segment {
  readonly before: string;
  readonly name: string | undefined;
  readonly after: string;
}

const literal = /^[A-Za-z0-9\-_.!'()=]*$/;

/** Reads a template. If it is invalid, or if two streams or two values could share a folder, returns a sentence with the problem. */
export function parsePathTemplate(text: string): PathTemplate | string {
  const segments: Segment[] = [];
  for (const part of text.split('/')) {
    const [, before, name, after] = /^([^{}]*)(?:\{([^{}]+)\}([^{}]*))?$/.exec(part) ?? [];
    if (before === undefined) {
      return `${JSON.stringify(part)} may have at most one {placeholder}, so that different values never share a folder.`;
    }
    const problem = literalProblem(part, before, name, after ?? '');
    if (problem !== undefined) return problem;
    segments.push({ before, name, after: after ?? '' });
  }
  const placeholders = segments.flatMap(({ name }) => name ?? []);
  const twice = placeholders.find((name, index) => placeholders.indexOf(name) < index);
  if (twice !== undefined) return `It has {${twice}} twice.`;
  if (placeholders[0] !== 'stream') {
    return 'It must have {stream} as its first placeholder, so that each stream has its own folder.';
  }
  return templateOf(segments);
}

function literalProblem(part: string, before: string, name: string | undefined, after: string): string | undefined {
  if (part === '')
    return 'It must not begin or end with a slash, or have two in a row: it is added after prefix and target_directory.';
  if (!literal.test(before) || !literal.test(after)) {
    return `${JSON.stringify(part)} may only have letters, digits and - _ . ! ' ( ) = around its placeholder.`;
  }
  if (name === undefined && /^\.+$/.test(before)) return `${JSON.stringify(part)} would lead to another folder.`;
  return undefined;
}

const own = ['stream', 'date', 'hour'];

function templateOf(segments: readonly Segment[]): PathTemplate {
  const columns = segments.flatMap(({ name }) => (name === undefined || own.includes(name) ? [] : [name]));
  const ofStream = segments.findIndex(({ name }) => name === 'stream') + 1;
  const fill = (some: readonly Segment[], textOf: (name: string) => string) =>
    some.map(({ before, name, after }) => segmentOf(before, name === undefined ? '' : textOf(name), after)).join('/');
  return {
    columns,
    streamFolder: (stream) => fill(segments.slice(0, ofStream), () => streamFolder(stream)),
    isFolder(folder) {
      const parts = folder.split('/');
      return parts.length === segments.length && segments.every((segment, index) => isOf(segment, parts[index] ?? ''));
    },
    folder: (stream, values, extractedAt) =>
      fill(segments, (name) => {
        if (name === 'stream') return streamFolder(stream);
        if (name === 'date') return extractedAt.slice(0, 10);
        if (name === 'hour') return extractedAt.slice(11, 13);
        return valueFolder(values[columns.indexOf(name)] ?? null);
      }),
  };
}

const forms: Readonly<Record<string, RegExp>> = { date: /^\d{4}-\d\d-\d\d$/, hour: /^\d\d$/ };

function isOf({ before, name, after }: Segment, part: string): boolean {
  if (name === undefined) return part === segmentOf(before, '', after);
  // As `segmentOf` encodes it: dots at the start are escaped.
  const start = before === '' ? '' : segmentOf(before, 'x', '').slice(0, -1);
  if (part === '' || !part.startsWith(start) || !part.endsWith(after) || part.length < start.length + after.length)
    return false;
  return forms[name]?.test(part.slice(start.length, part.length - after.length)) ?? true;
}

/** Encodes a part of a path so that it is not empty and leads neither to another folder nor to that of the manifests. */
function segmentOf(before: string, text: string, after: string): string {
  const whole = `${before}${text}${after}`;
  if (whole === '') return '%';
  if (whole === ownFolder) return '%5Fc8';
  return whole.replace(/^\.+/, (dots) => '%2E'.repeat(dots.length));
}

const nullFolder = '__HIVE_DEFAULT_PARTITION__';

/**
 * A value as Hive and compatible readers write it: ASCII other than `A-Z a-z 0-9 - _ . ! ' ( )` is percent-encoded; other letters stay as they are, since these readers would not decode them.
 */
function valueFolder(value: string | null): string {
  if (value === null) return nullFolder;
  if (value === nullFolder) return value.replace('_', '%5F');
  return value.replace(/[^A-Za-z0-9\-_.!'()\u0080-\ufffd]|[\u0080-\u009f]/g, percent);
}
