/** Code in a text: after its opener, before its closer. */
export interface Code {
  readonly from: number;
  readonly contentFrom: number;
  readonly contentTo: number;
  readonly to: number;
  /** What begins it again in the next part. */
  readonly opener: string;
  /** What ends it in a part. */
  readonly closer: string;
  readonly isBlock: boolean;
  /** Whether the closer is on its own line. */
  readonly closesOnOwnLine: boolean;
}

/** How a text is marked up: which parts are code, and which should not be split. */
export interface Markup {
  codesOf(text: string): Code[];
  readonly atoms: RegExp;
}

/** Text as it is: entities and what is in `<…>` stay whole. */
export const plain: Markup = { codesOf: () => [], atoms: /&(?:amp|lt|gt);|<[^<>\n]*>/g };

/** Slack's own: ``` around a block, wherever it begins and ends, ` around code within a line, and emphasis. https://docs.slack.dev/messaging/formatting-message-text */
export const mrkdwn: Markup = {
  codesOf: (text) => [...text.matchAll(/```[\s\S]+?```|(?<!`)`(?!`)[^`\n]+`(?!`)/g)].map(codeBetween),
  atoms: /&(?:amp|lt|gt);|<[^<>\n]*>|\*[^*\n]+\*|_[^_\n]+_|~[^~\n]+~/g,
};

/** Of markdown blocks: fences on lines of their own, with a language after the first, and code within a line. https://spec.commonmark.org/0.31.2/#fenced-code-blocks */
export const markdown: Markup = {
  codesOf: (text) =>
    [...text.matchAll(fencedOrInline)].map((found) =>
      found[2] === undefined ? codeBetween(found) : codeOfFence(found),
    ),
  atoms: /&(?:amp|lt|gt);|!?\[[^\]\n]*\]\([^)\n]*\)|\*\*[^*\n]+\*\*|~~[^~\n]+~~|\*[^*\n]+\*|_[^_\n]+_/g,
};

const fencedOrInline =
  /^( {0,3})(`{3,}(?=[^`\n]*\n)|~{3,}(?!~))([^\n]*)\n([\s\S]*?)(?:^ {0,3}\2[`~]*[ \t]*$|(?![\s\S]))|(?<!`)`(?!`)[^`\n]+`(?!`)/gm;

function codeBetween({ 0: whole, index }: RegExpExecArray): Code {
  const isBlock = whole.startsWith('```');
  const mark = isBlock ? '```' : '`';
  const to = index + whole.length;
  const content = { contentFrom: index + mark.length, contentTo: to - mark.length };
  return { from: index, ...content, to, opener: mark, closer: mark, isBlock, closesOnOwnLine: false };
}

function codeOfFence({
  0: whole,
  1: indent = '',
  2: fence = '',
  3: info = '',
  4: content = '',
  index,
}: RegExpExecArray): Code {
  const opener = `${indent}${fence}${info}\n`;
  const contentFrom = index + opener.length;
  return {
    ...{ from: index, contentFrom, contentTo: contentFrom + content.length, to: index + whole.length },
    ...{ opener, closer: `${indent}${fence}`, isBlock: true, closesOnOwnLine: true },
  };
}
