import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser } from 'acorn';

/** What the rules need of a source file. */
export interface SourceFile {
  /** Relative to the folder of the package. */
  readonly file: string;
  /** Modules from which it imports values or types, also by `import()` and `require()` of a text. */
  readonly imports: readonly Place[];
  /** Names of functions that it calls. */
  readonly calls: readonly Place[];
  /** Why it cannot be parsed; everything else is empty then. */
  readonly problem?: string;
}

interface Place {
  readonly name: string;
  readonly line: number;
}

interface Node {
  readonly type: string;
  readonly loc?: { readonly start: { readonly line: number } };
  readonly [key: string]: unknown;
}

/** Reads a file of TypeScript or JavaScript. */
export function readSourceFile(file: string, text: string): SourceFile {
  const found = { imports: [] as Place[], calls: [] as Place[] };
  try {
    const parser = Parser.extend(tsPlugin({ jsx: file.endsWith('x') }));
    const options = { ecmaVersion: 'latest', sourceType: 'module', locations: true, allowHashBang: true } as const;
    for (const node of nodesOf(parser.parse(text, options))) {
      const line = node.loc?.start.line ?? 1;
      const specifier = specifierOf(node);
      if (specifier !== undefined) found.imports.push({ name: specifier, line });
      const called = node.type === 'CallExpression' && isNode(node.callee) ? node.callee.name : undefined;
      if (typeof called === 'string') found.calls.push({ name: called, line });
    }
    return { file, ...found };
  } catch (error) {
    return { file, imports: [], calls: [], problem: (error as Error).message };
  }
}

function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const item of value) yield* nodesOf(item);
    return;
  }
  if (!isNode(value)) return;
  yield value;
  for (const child of Object.values(value)) {
    if (typeof child === 'object') yield* nodesOf(child);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function specifierOf(node: Node): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
      return textOf(node.source);
    case 'TSImportType':
      return textOf(node.argument);
    case 'TSExternalModuleReference':
      return textOf(node.expression);
    case 'CallExpression':
      return isRequire(node.callee) && Array.isArray(node.arguments) ? textOf(node.arguments[0]) : undefined;
    default:
      return undefined;
  }
}

/** Whether a callee is `require` or `require.resolve`, as returned by createRequire. */
function isRequire(callee: unknown): boolean {
  if (!isNode(callee)) return false;
  return callee.type === 'MemberExpression' ? isRequire(callee.object) : callee.name === 'require';
}

/** The text of a literal, or of a template without placeholders. */
function textOf(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  if (value.type === 'Literal') return typeof value.value === 'string' ? value.value : undefined;
  if (value.type === 'TSLiteralType') return textOf(value.literal);
  if (value.type !== 'TemplateLiteral' || !Array.isArray(value.quasis) || value.quasis.length !== 1) return undefined;
  return (value.quasis[0] as { readonly value: { readonly cooked: string } }).value.cooked;
}
