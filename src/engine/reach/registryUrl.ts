// A registry's address as a person types it, and the one form that is used and compared.

import { fail } from '../../contract/failure.ts';

const MAX_URL_LENGTH = 2_048;

/**
 * `http(s)://host[:port][/path]` without a slash at the end; `host:8000` gets its `http://`. Throws FailureError
 * `registryUrlInvalid` for anything else.
 */
export function normalRegistryUrl(text: string): string {
  const typed = text.trim();
  const url = parse(typed);
  if (url === undefined) throw fail('registryUrlInvalid', { url: typed.slice(0, 200) });
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function parse(typed: string): URL | undefined {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `http://${typed}`;
  if (typed === '' || full.length > MAX_URL_LENGTH || !URL.canParse(full)) return undefined;
  const url = new URL(full);
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return isPlain && /^https?:$/.test(url.protocol) ? url : undefined;
}
