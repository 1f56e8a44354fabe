/**
 * The API reference: a page of Markdown for each export of the core, of the host package, of the library for SQL sources and of the conformance kit, made from the doc comments of its sources. TypeDoc needs the compiler's older API, so this
 * folder is a package with a TypeScript of its own.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { Application, LogLevel } from 'typedoc';
import { headingOrder } from './layout.mjs';

const packages = fileURLToPath(new URL('../../packages', import.meta.url));

/** Rejects with the exported names that have no doc comment. Each page has its file's name and its text. */
export async function referencePages() {
  const out = await mkdtemp(join(tmpdir(), 'c8connector-reference-'));
  try {
    const application = await Application.bootstrapWithPlugins(options(out));
    const warnings = [];
    application.logger = collecting(application.logger, warnings);
    const project = await application.convert();
    if (project === undefined) throw new Error(`the sources of the core cannot be read:\n${warnings.join('\n')}`);
    application.validate(project);
    warnings.push(...undocumented(project));
    if (warnings.length > 0) throw new Error(stripVTControlCharacters(warnings.join('\n')));
    await application.generateOutputs(project);
    const files = (await readdir(out, { recursive: true })).filter((file) => file.endsWith('.md'));
    const pages = files.map(async (file) => ({ file, text: await tidied(join(out, file)) }));
    return await Promise.all(pages);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

function options(out) {
  return {
    name: 'c8connector',
    // In this order: a name that two of them export is described where it comes first.
    entryPoints: [
      'c8connector/src/index.ts',
      'c8connector-host/src/index.ts',
      'c8connector-sql/src/index.ts',
      'c8connector-sql/src/testing/index.ts',
      'c8connector-testing/src/checks.ts',
      'c8connector-testing/src/index.ts',
      'c8connector-testing/src/guidelines/index.ts',
    ].map((file) => join(packages, file)),
    tsconfig: fileURLToPath(new URL('tsconfig.json', import.meta.url)),
    plugin: ['typedoc-plugin-markdown', fileURLToPath(new URL('layout.mjs', import.meta.url))],
    out,
    router: 'module',
    readme: 'none',
    excludeReferences: true,
    disableGit: true,
    sourceLinkTemplate: '{path}',
    // The build has checked them, with a newer compiler.
    skipErrorChecking: true,
    excludeExternals: true,
    excludePrivate: true,
    validation: { invalidLink: true, notDocumented: false, notExported: false },
    categorizeByGroup: false,
    sort: ['source-order'],
    tableColumnSettings: { hideSources: true, hideModifiers: true },
    categoryOrder: headingOrder,
    navigation: false,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    hideGroupHeadings: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    classPropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    propertyMembersFormat: 'table',
    logLevel: LogLevel.Warn,
  };
}

function undocumented(project) {
  const names = (project.children ?? []).flatMap((module) => module.children ?? []);
  return names.filter((name) => !isDocumented(name)).map((name) => `${name.getFullName()} has no doc comment`);
}

function isDocumented(name) {
  return name.isReference() || (name.signatures ?? [name]).some(({ comment }) => (comment?.summary.length ?? 0) > 0);
}

function collecting(logger, warnings) {
  logger.log = (message, level) => {
    if (level >= LogLevel.Warn) warnings.push(message);
  };
  return logger;
}

async function tidied(path) {
  const text = linked(await readFile(path, 'utf8'));
  return path.endsWith('README.md') ? text.replace(/^# .*\n[\s\S]*?(?=- \[)/, await introduction()) : text;
}

/** Links that hold where Markdown is shown: a heading alone has an anchor there, and the second of two that differ in their letters' case ends in -1. */
function linked(text) {
  return text
    .replace(/^# (?=c8connector)/, '# Exports of ')
    .replaceAll(/<a id="[^"]*"><\/a> /g, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*#property-[^)]*\)/g, '$1')
    .replaceAll(/(#[a-z]\w*)-3\)/g, '$1-1)');
}

async function introduction() {
  return await readFile(new URL('introduction.md', import.meta.url), 'utf8');
}
