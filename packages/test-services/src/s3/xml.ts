import { S3Error } from './s3-error.ts';

export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

type Content = string | number | boolean | undefined | readonly XmlElement[];

export function element(name: string, content: Content = ''): XmlElement {
  if (typeof content === 'object') return { name, text: '', children: content };
  return { name, text: String(content), children: [] };
}

/** The elements that have a value: `undefined` leaves one out. */
export function elements(contents: Readonly<Record<string, Content>>): XmlElement[] {
  return Object.entries(contents).flatMap(([name, content]) => (content === undefined ? [] : [element(name, content)]));
}

export function renderXml(root: XmlElement, namespace?: string): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${render(root, attribute)}`;
}

function render({ name, text, children }: XmlElement, attribute = ''): string {
  return `<${name}${attribute}>${children.map((child) => render(child)).join('')}${escapeText(text)}</${name}>`;
}

function escapeText(text: string): string {
  // Keys may hold control characters, and S3 writes those below the space as references.
  return text.replace(
    /[&<>"]|(?![\u007f-\u009f])\p{Cc}/gu,
    (character) => named[character] ?? `&#${character.charCodeAt(0)};`,
  );
}

const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads the request documents of S3: elements and text; attributes and namespaces are passed over. */
export function parseXml(document: string): XmlElement {
  const open: { name: string; text: string; children: XmlElement[] }[] = [{ name: '', text: '', children: [] }];
  for (const [token, slash, name, empty, text] of document.matchAll(tokens)) {
    const current = open.at(-1);
    if (current === undefined) throw malformedXml();
    if (text !== undefined) current.text += unescapeText(text);
    else if (token.startsWith('<?') || token.startsWith('<!--')) continue;
    else if (name === undefined) throw malformedXml();
    else if (slash) {
      const parent = open.at(-2);
      if (current.name !== name || parent === undefined) throw malformedXml();
      open.pop();
      parent.children.push(current);
    } else if (empty) current.children.push({ name, text: '', children: [] });
    else open.push({ name, text: '', children: [] });
  }
  const root = open[0]?.children[0];
  if (open.length !== 1 || root === undefined) throw malformedXml();
  return root;
}

const tokens = /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<(\/?)(?:[\w-]+:)?([\w-]+)[^>]*?(\/?)>|([^<]+)|</g;

function unescapeText(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hexadecimal, decimal, name) => {
    if (hexadecimal) return String.fromCodePoint(Number.parseInt(hexadecimal, 16));
    if (decimal) return String.fromCodePoint(Number(decimal));
    return characters[name] ?? whole;
  });
}

export function childText(parent: XmlElement, name: string): string | undefined {
  return parent.children.find((child) => child.name === name)?.text;
}

export function malformedXml(): S3Error {
  return new S3Error(
    400,
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}
