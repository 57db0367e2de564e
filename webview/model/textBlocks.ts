// A message's text as blocks and nodes: fenced code, inline code and web links. Total and linear over any string: what is
// not one of these stays as it was written.

/** Longer addresses are not links; the extension would refuse them (FromPanel, openLink). */
const MAX_LINK_LENGTH = 4096;

export type TextNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  /** `text` as written; `url` as the browser reads it, with an internationalised host spelled in ASCII. */
  | { readonly kind: 'link'; readonly text: string; readonly url: string };

export type TextBlock =
  | { readonly kind: 'paragraph'; readonly nodes: readonly TextNode[] }
  | { readonly kind: 'codeBlock'; readonly language: string; readonly text: string };

/** A trimmed line of three or more backticks, and maybe one word. Any such line ends the block that another one began. */
const FENCE = /^`{3,}(?:[ \t]*([^`\s]+))?$/;
/** No invisible character is part of a link: a direction mark inside would show another address than it opens. */
const INLINE = /`([^`\n]+)`|https?:\/\/[^\s<>"`\p{Cc}\p{Cf}]+/giu;
/** A closing bracket belongs to the sentence unless the link itself opens it. */
const BRACKETS = ['()', '[]', '{}'] as const;
const SENTENCE_END = new Set(`.,:;!?'*_~»”’،؛؟。，、`);

export function textBlocksOf(text: string): TextBlock[] {
  const lines = text.split('\n');
  const fences = lines.flatMap((line, at) => (FENCE.test(line.trim()) ? [at] : []));
  const blocks: TextBlock[] = [];
  let next = 0;
  // A fence without a partner is left as text.
  for (let i = 0; i + 1 < fences.length; i += 2) {
    const [open = 0, close = 0] = [fences[i], fences[i + 1]];
    addParagraph(blocks, lines.slice(next, open));
    blocks.push(codeBlockOf(lines.slice(open, close)));
    next = close + 1;
  }
  addParagraph(blocks, lines.slice(next));
  return blocks;
}

function codeBlockOf([fence = '', ...code]: string[]): TextBlock {
  return { kind: 'codeBlock', language: FENCE.exec(fence.trim())?.[1] ?? '', text: code.join('\n') };
}

/** Empty lines next to a code block are its margin, not text. */
function addParagraph(blocks: TextBlock[], lines: string[]): void {
  const text = lines.join('\n').replace(/^\n+/, '').trimEnd();
  if (text !== '') blocks.push({ kind: 'paragraph', nodes: textNodesOf(text) });
}

/** A text that stands in one line, as in a quote: the fences of its code are marks to nobody there. */
export function withoutFences(line: string): string {
  return line.replace(/(^|\s)`{3,}[^`\s]*(?=\s|$)/g, '').trimStart() || line;
}

export function textNodesOf(text: string): TextNode[] {
  const nodes: TextNode[] = [];
  let next = 0;
  for (const match of text.matchAll(INLINE)) {
    const node = match[1] === undefined ? linkOf(match[0]) : { kind: 'code' as const, text: match[1] };
    if (node === undefined) continue;
    addText(nodes, text.slice(next, match.index));
    nodes.push(node);
    next = match.index + (node.kind === 'link' ? node.text.length : match[0].length);
  }
  addText(nodes, text.slice(next));
  return nodes;
}

function addText(nodes: TextNode[], text: string): void {
  if (text !== '') nodes.push({ kind: 'text', text });
}

function linkOf(candidate: string): TextNode | undefined {
  if (candidate.length > MAX_LINK_LENGTH) return undefined;
  const text = withoutSentenceEnd(candidate);
  const url = URL.parse(text);
  if (url === null || url.hostname === '' || url.href.length > MAX_LINK_LENGTH) return undefined;
  return { kind: 'link', text, url: url.href };
}

function withoutSentenceEnd(link: string): string {
  const unopened = unopenedClosers(link);
  let end = link.length;
  for (; end > 0; end -= 1) {
    const last = link[end - 1] ?? '';
    const closers = unopened.get(last);
    if (closers === undefined ? !SENTENCE_END.has(last) : closers <= 0) break;
    if (closers !== undefined) unopened.set(last, closers - 1);
  }
  return link.slice(0, end);
}

/** For each closing bracket, how many more of it there are than of its opener. */
function unopenedClosers(link: string): Map<string, number> {
  const countOf = (character: string) => link.split(character).length - 1;
  return new Map(BRACKETS.map(([open = '', close = '']) => [close, countOf(close) - countOf(open)]));
}
