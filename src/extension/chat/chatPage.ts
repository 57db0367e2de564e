// The HTML of a chat panel: a shell with a strict policy that loads the page's script and style.

import { isRightToLeft } from '../language.ts';

export interface PageParts {
  /** Addresses as the webview sees them. */
  readonly script: string;
  /** Loaded by the page's script when the first code is shown; it passes its nonce on. */
  readonly highlighter: string;
  readonly style: string;
  /** What `webview.cspSource` says: where styles, fonts and pictures may come from. */
  readonly source: string;
  /** Fresh for every page; letters and digits. */
  readonly nonce: string;
  /** BCP 47. */
  readonly locale: string;
  /** English text to the person's language; undefined where there is no translation, and the page speaks English. */
  readonly words: Readonly<Record<string, string>> | undefined;
  readonly title: string;
}

/** Pictures may also be `data:`, as the blur of a picture is computed in the page. No road out: connect-src stays 'none'. */
export function chatPage({
  script,
  highlighter,
  style,
  source,
  nonce,
  title,
  ...language
}: PageParts): string {
  const { locale, words } = language;
  const isEnglish = words === undefined;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    `font-src ${source}`,
    `img-src ${source} data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(isEnglish ? 'en' : locale)}" dir="${!isEnglish && isRightToLeft(locale) ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${attribute(title)}</title>
<link rel="stylesheet" href="${attribute(style)}">
</head>
<body>
<div id="root" data-highlighter="${attribute(highlighter)}"${wordsAttribute(words)}></div>
<script nonce="${nonce}" src="${attribute(script)}"></script>
</body>
</html>
`;
}

function wordsAttribute(words: PageParts['words']): string {
  return words === undefined ? '' : ` data-words="${attribute(JSON.stringify(words))}"`;
}

function attribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
