/** What TypeDoc leaves out, how the pages are named, and under which heading each name stands: that of its source. */
import { basename, dirname } from 'node:path';
import { Comment, CommentTag, Converter, IntrinsicType, ReflectionKind } from 'typedoc';

/** In the order of the page; the first that matches `room/file` of the source. */
const headings = [
  ['What an author writes', /\/(define-\w+|definition|source-definition)\.ts$|^definition\//],
  ['Errors', /^interface\/error/],
  ['Config', /^config\/|^interface\/property/],
  ['Singer', /^(singer|jsonl)\/|^interface\/(catalog|state)/],
  ['Actions and the ledger', /^integration\/|^interface\/ledger/],
  ['Runs', /^(run|state|replication|source|target)\/|^src\/deadline/],
  ['Programs', /^program\//],
  ['The interface and what moves', /^interface\//],
];
const mostConstants = 20;

export const headingOrder = ['The interface and what moves', ...headings.map(([heading]) => heading)];

export function load(application) {
  application.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const reflection of Object.values(project.reflections)) {
      // What a name inherits is described where it inherits it from.
      if (reflection.inheritedFrom !== undefined) project.removeReflection(reflection);
      delete reflection.implementationOf;
      delete reflection.overwrites;
      // A table of constants is read in the source, or in a page of its own.
      const constants = reflection.kindOf(ReflectionKind.Variable) && reflection.type?.declaration?.children;
      if (constants?.length > mostConstants) reflection.type = new IntrinsicType('object');
    }
    for (const module of project.children ?? []) {
      if (module.name === 'c8connector/src') for (const name of module.children ?? []) putUnder(headingOf(name), name);
      module.name = exportOf(module.name);
    }
  });
  // After everything is sorted by them.
  const last = -1000;
  application.converter.on(
    Converter.EVENT_RESOLVE_END,
    ({ project }) => {
      for (const reflection of Object.values(project.reflections)) delete reflection.sources;
    },
    last,
  );
}

/** As the exports of package.json name it. */
function exportOf(module) {
  return module.replace(/\/src\b/, '');
}

function headingOf(reflection) {
  const path = (reflection.sources ?? reflection.signatures?.[0]?.sources)?.[0]?.fullFileName ?? '';
  const source = `${basename(dirname(path))}/${basename(path)}`;
  return headings.find(([, pattern]) => pattern.test(source))?.[0] ?? 'Others';
}

function putUnder(heading, reflection) {
  for (const described of reflection.signatures ?? [reflection]) {
    described.comment ??= new Comment();
    described.comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: heading }]));
  }
}
