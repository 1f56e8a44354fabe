import { type JsonSink, readJson } from './binary-json.ts';
import { EventBytes } from './event-bytes.ts';
import { JsonText } from './json-text.ts';
import type { TextBytes } from './put.ts';

/** A document that can be changed: an object, an array, or the text of any other value. */
type Node = JsonObject | Node[] | Uint8Array;
type JsonObject = Map<string, Node>;

/** The operations of a difference. */
const replace = 0;
const insert = 1;
const remove = 2;

/** Where the bytes of a value are. */
export interface ByteRange {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/**
 * Writes the text of a document of MySQL after a partial update, and returns the position after it: `before` is the document before it, `differences` what the log has in the place of the new one: for each an operation, a path, and for
 * two of the operations a document.
 */
export function putChangedJson(before: ByteRange, differences: ByteRange, out: TextBytes, at: number): number {
  let root = nodeOf(before);
  const parts = new EventBytes(differences.bytes, differences.start, differences.end);
  while (parts.rest > 0) {
    const operation = parts.u8();
    const path = pathOf(parts.text(parts.packed()));
    if (operation > remove) throw new RangeError(`a document has a difference of unknown kind ${operation}`);
    const size = operation === remove ? 0 : parts.packed();
    const start = parts.skip(size);
    const value = operation === remove ? undefined : nodeOf({ ...differences, start, end: start + size });
    root = changed(root, path, operation, value);
  }
  const text = new JsonText(out, at);
  write(root, text);
  return text.at;
}

/** The document with one difference. */
function changed(root: Node, path: readonly Leg[], operation: number, value: Node | undefined): Node {
  const last = path.at(-1);
  if (last === undefined) {
    if (operation !== replace || value === undefined) throw misplaced();
    return value;
  }
  const parent = path.slice(0, -1).reduce(member, root);
  if (parent instanceof Map && typeof last === 'string') {
    if ((operation === insert) === parent.has(last)) throw misplaced();
    if (value === undefined) parent.delete(last);
    else parent.set(last, value);
  } else if (Array.isArray(parent) && typeof last === 'number') {
    if (operation !== insert && last >= parent.length) throw misplaced();
    parent.splice(last, operation === insert ? 0 : 1, ...(value === undefined ? [] : [value]));
  } else throw misplaced();
  return root;
}

function member(node: Node, leg: Leg): Node {
  const found = node instanceof Map ? node.get(String(leg)) : Array.isArray(node) ? node[Number(leg)] : undefined;
  if (found === undefined) throw misplaced();
  return found;
}

function misplaced(): RangeError {
  return new RangeError('a partial update does not fit the document before it');
}

/** The name of a member, or an index. */
type Leg = string | number;

/** Reads a path such as `$.a[1]."b c"`. */
function pathOf(text: string): readonly Leg[] {
  const legs: Leg[] = [];
  const leg = /\.("(?:[^"\\]|\\.)*"|[^.["]+)|\[(\d+)\]/sy;
  leg.lastIndex = 1;
  while (leg.lastIndex < text.length) {
    const [whole, name, index] = leg.exec(text) ?? [];
    if (whole === undefined) throw new RangeError('a partial update has an invalid path');
    if (name === undefined) legs.push(Number(index));
    else legs.push(name.startsWith('"') ? nameOf(name) : name);
  }
  return legs;
}

function nameOf(quoted: string): string {
  try {
    return JSON.parse(quoted);
  } catch {
    throw new RangeError('a partial update has an invalid path');
  }
}

function nodeOf({ bytes, start, end }: ByteRange): Node {
  const builder = new NodeBuilder();
  readJson(bytes, start, end, builder);
  return builder.root();
}

class NodeBuilder implements JsonSink {
  readonly #open: (JsonObject | Node[])[] = [];
  readonly #keys: string[] = [];
  #root: Node | undefined;

  root(): Node {
    if (this.#root === undefined) throw new RangeError('a document is empty');
    return this.#root;
  }

  open(isObject: boolean): void {
    const node: JsonObject | Node[] = isObject ? new Map() : [];
    this.#add(node);
    this.#open.push(node);
  }

  close(): void {
    this.#open.pop();
  }

  key(bytes: Uint8Array): void {
    this.#keys.push(Buffer.from(bytes).toString());
  }

  literal(text: string): void {
    this.#add(Buffer.from(text));
  }

  string(bytes: Uint8Array): void {
    this.#scalar((text) => text.string(bytes));
  }

  opaque(type: number, bytes: Uint8Array): void {
    this.#scalar((text) => text.opaque(type, bytes));
  }

  double(value: number): void {
    this.#scalar((text) => text.double(value));
  }

  #scalar(write: (text: JsonText) => void): void {
    const out = { bytes: new Uint8Array(64) };
    const text = new JsonText(out, 0);
    write(text);
    this.#add(out.bytes.subarray(0, text.at));
  }

  #add(node: Node): void {
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root ??= node;
    else if (Array.isArray(parent)) parent.push(node);
    else parent.set(this.#keys.pop() ?? '', node);
  }
}

function write(node: Node, text: JsonText): void {
  if (node instanceof Uint8Array) {
    text.json(node);
    return;
  }
  text.open(node instanceof Map);
  if (Array.isArray(node)) for (const item of node) write(item, text);
  else {
    for (const [key, value] of sorted(node)) {
      text.key(key);
      write(value, text);
    }
  }
  text.close(node instanceof Map);
}

/** The members as the server orders them: by the length of the name, then by its bytes. */
function sorted(object: JsonObject): readonly (readonly [Uint8Array, Node])[] {
  const members = [...object].map(([key, value]): [Buffer, Node] => [Buffer.from(key), value]);
  return members.sort(([one], [other]) => one.length - other.length || Buffer.compare(one, other));
}
