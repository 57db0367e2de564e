// Where the highlighter comes from: a second script beside the page's own, fetched once, when it is needed first.

import type { Highlight } from './model/tokens.ts';

export type LoadHighlighter = () => Promise<Highlight | undefined>;

/** `address` undefined, or a script that cannot be loaded: code stays without colours. */
export function highlighterAt(address: string | undefined): LoadHighlighter {
  let loading: Promise<Highlight | undefined> | undefined;
  return () => {
    loading ??= address === undefined ? Promise.resolve(undefined) : load(address);
    return loading;
  };
}

async function load(address: string): Promise<Highlight | undefined> {
  try {
    const { highlight } = (await import(address)) as { readonly highlight: Highlight };
    return highlight;
  } catch {
    return undefined;
  }
}
