// A script of its own, loaded when the first block of code is drawn: the languages are as large as all of the rest.

import hljs from 'highlight.js/lib/core';
import { type Highlight, MAX_COLOURED_LENGTH, MAX_COLOURED_LINE } from '../model/tokens.ts';
import { LANGUAGES } from './languages.ts';
import { TokenEmitter } from './tokenEmitter.ts';

for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);
hljs.configure({ __emitter: TokenEmitter });

/** Total: what the library cannot read has no colours. */
export const highlight: Highlight = (code, language) => {
  if (isTooLong(code) || hljs.getLanguage(language) === undefined) return undefined;
  const { _emitter, errorRaised } = hljs.highlight(code, { language, ignoreIllegals: true });
  return errorRaised === undefined && _emitter instanceof TokenEmitter ? _emitter.tokens : undefined;
};

function isTooLong(code: string): boolean {
  return (
    code.length > MAX_COLOURED_LENGTH || code.split('\n').some(({ length }) => length > MAX_COLOURED_LINE)
  );
}
