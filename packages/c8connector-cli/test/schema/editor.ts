import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import jsonLanguage from 'vscode-json-languageservice';

type Services = Parameters<typeof jsonLanguage.getLanguageService>[0];
type Document = jsonLanguage.TextDocument;

/** What is used of it; its own declarations don't compile with the newest library of TypeScript. */
interface YamlLanguage {
  getLanguageService(services: Services): {
    configure(settings: { validate: boolean; completion: boolean; yamlVersion: string }): void;
    doValidation(document: Document, isKubernetes: boolean): Promise<readonly { readonly message: string }[]>;
    doComplete(
      document: Document,
      position: jsonLanguage.Position,
      isKubernetes: boolean,
    ): Promise<{ readonly items: Item[] }>;
  };
}
const require = createRequire(import.meta.url);
const yamlLanguage: YamlLanguage = require('yaml-language-server');

/** What an editor says of a file: what is wrong with it, and what it offers where `|` stands. */
export interface Said {
  readonly problems: readonly string[];
  /** What is inserted, by what the list shows. */
  readonly offers: Readonly<Record<string, string>>;
  /** The description of an offer. */
  readonly descriptions: Readonly<Record<string, string>>;
}

/** The two language services that editors use, with a schema at ./file.schema.json. */
export function editorWith(schema: object) {
  const services = {
    schemaRequestService: async () => JSON.stringify(schema),
    workspaceContext: { resolveRelativePath: (path: string, base: string) => new URL(path, base).href },
  };
  const json = jsonLanguage.getLanguageService(services);
  const yaml = yamlLanguage.getLanguageService(services);
  yaml.configure({ validate: true, completion: true, yamlVersion: '1.2' });
  // Parsed documents are kept by their address, over all services.
  const open = (language: string, text: string) => {
    const at = text.indexOf('|');
    const document = jsonLanguage.TextDocument.create(
      `file:///made/${randomUUID()}.${language}`,
      language,
      1,
      text.replace('|', ''),
    );
    return { document, position: document.positionAt(Math.max(at, 0)), isAsked: at >= 0 };
  };
  return {
    async json(text: string): Promise<Said> {
      const { document, position, isAsked } = open('json', text);
      const parsed = json.parseJSONDocument(document);
      const problems = await json.doValidation(document, parsed);
      return said(problems, isAsked ? (await json.doComplete(document, position, parsed))?.items : []);
    },
    async yaml(text: string): Promise<Said> {
      const { document, position, isAsked } = open('yaml', text);
      const problems = await yaml.doValidation(document, false);
      return said(problems, isAsked ? (await yaml.doComplete(document, position, false)).items : []);
    },
  };
}

interface Item {
  readonly label: string;
  readonly insertText?: string;
  readonly documentation?: string | { readonly value: string };
}

function said(problems: readonly { readonly message: unknown }[], items: readonly Item[] = []): Said {
  const textOf = ({ documentation }: Item) =>
    typeof documentation === 'object' ? documentation.value : (documentation ?? '');
  return {
    problems: problems.map(({ message }) => String(message)),
    offers: Object.fromEntries(items.map((item) => [item.label, item.insertText ?? ''])),
    descriptions: Object.fromEntries(items.map((item) => [item.label, textOf(item)])),
  };
}
