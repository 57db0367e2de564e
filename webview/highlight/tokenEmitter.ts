// What the highlighting library calls while it reads code: takes tokens down instead of HTML, so that no text of a message is
// ever markup.

import type { Token, TokenKind } from '../model/tokens.ts';

/** The library's scopes (its page "Scopes"), by what stands before the first dot. Others have no colour. */
const KINDS: Readonly<Record<string, TokenKind>> = {
  keyword: 'keyword',
  operator: 'keyword',
  literal: 'keyword',
  'selector-tag': 'keyword',
  tag: 'keyword',
  name: 'keyword',
  bullet: 'keyword',
  string: 'string',
  regexp: 'string',
  char: 'string',
  link: 'string',
  code: 'string',
  number: 'number',
  comment: 'comment',
  quote: 'comment',
  doctag: 'comment',
  title: 'function',
  section: 'function',
  'selector-id': 'function',
  built_in: 'type',
  type: 'type',
  'selector-class': 'type',
  'selector-pseudo': 'type',
  attr: 'name',
  attribute: 'name',
  property: 'name',
  variable: 'name',
  symbol: 'name',
  'template-variable': 'name',
  'selector-attr': 'name',
  meta: 'meta',
  addition: 'added',
  deletion: 'removed',
};
/** A class's name is a type, a function's is not. */
const TITLES: Readonly<Record<string, TokenKind>> = { 'title.class': 'type' };

export class TokenEmitter {
  readonly #tokens: Token[] = [];
  readonly #scopes: string[] = [];

  get tokens(): readonly Token[] {
    return this.#tokens;
  }

  addText(text: string): void {
    if (text === '') return;
    const kind = kindOf(this.#scopes.at(-1));
    const last = this.#tokens.at(-1);
    if (last !== undefined && last.kind === kind) this.#tokens[this.#tokens.length - 1] = joined(last, text);
    else this.#tokens.push({ text, kind });
  }

  startScope(scope: string): void {
    this.#scopes.push(scope);
  }

  endScope(): void {
    this.#scopes.pop();
  }

  openNode(scope: string): void {
    this.startScope(scope);
  }

  closeNode(): void {
    this.endScope();
  }

  /** One language inside of another, read by an emitter of its own. */
  __addSublanguage(inner: TokenEmitter): void {
    this.#tokens.push(...inner.tokens);
  }

  finalize(): void {}

  toHTML(): string {
    return '';
  }
}

function joined({ text, kind }: Token, more: string): Token {
  return { text: text + more, kind };
}

function kindOf(scope: string | undefined): TokenKind | undefined {
  if (scope === undefined) return undefined;
  const title = Object.entries(TITLES).find(([prefix]) => scope.startsWith(prefix))?.[1];
  return title ?? KINDS[scope.split('.')[0] ?? ''];
}
