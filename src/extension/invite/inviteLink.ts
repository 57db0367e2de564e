// Invite links, `vscode://hamta.hamta/join?registry=<address>`: how they are made, and what is taken from one that somebody
// else made. Pure, and total: a link is a stranger's choice, and any page can try to open one.

import { isLoopback, leadsTo } from '../registry/registryLine.ts';

const EXTENSION_ID = 'hamta.hamta';
const JOIN_PATH = '/join';
const PARAMETER = 'registry=';
/** Of the address in a link. A registry's is far shorter; a question must be able to show all of it. */
const MAX_ADDRESS_LENGTH = 200;

/** What the editor gives its handler of a link; of its values, `query` is decoded once already. */
export interface OpenedLink {
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

/** Why a link is not used. */
export type InviteProblem =
  /** It is for something else, or says more or less than one address. */
  | 'notAnInvite'
  | 'tooLong'
  /** Control characters, spaces, letters beyond ASCII, which could look like others. */
  | 'strangeCharacters'
  | 'notWeb'
  /** A user or password in the address. */
  | 'credentials'
  /** No address, or one with a query or fragment. */
  | 'notAnAddress';

export type Invite =
  | { readonly kind: 'registry'; readonly url: string }
  | { readonly kind: 'refused'; readonly problem: InviteProblem };

/** `scheme` is the editor's own: `vscode`, or `vscode-insiders`. Undefined when `registryUrl` could not be joined by a link. */
export function inviteLinkOf(scheme: string, registryUrl: string): string | undefined {
  const invite = addressIn(registryUrl.trim());
  if (invite.kind === 'refused') return undefined;
  return `${scheme}://${EXTENSION_ID}${JOIN_PATH}?${PARAMETER}${encodeURIComponent(invite.url)}`;
}

export function parseInvite({ path, query, fragment }: OpenedLink): Invite {
  if (path !== JOIN_PATH || fragment !== '' || !query.startsWith(PARAMETER)) return refused('notAnInvite');
  const text = query.slice(PARAMETER.length);
  // Three characters for each: a road that did not decode it is no reason to refuse.
  if (text.length > 3 * MAX_ADDRESS_LENGTH) return refused('tooLong');
  const address = decoded(text);
  if (/[&;]/.test(address)) return refused('notAnInvite');
  return addressIn(address);
}

/** The one form that is shown, saved and compared: no slash at its end, names of hosts in lower case. */
function addressIn(text: string): Invite {
  if (text.length > MAX_ADDRESS_LENGTH) return refused('tooLong');
  if (!/^[\x21-\x7e]*$/.test(text) || /["<>\\^`{|}%]/.test(text)) return refused('strangeCharacters');
  if (!/^https?:\/\/[^/]/i.test(text)) return refused('notWeb');
  const url = URL.parse(text);
  if (url === null || /[?#]/.test(text)) return refused('notAnAddress');
  // Not only what the parser finds: `http://@host` has no user, and is no address that a person would write.
  if (text.includes('@')) return refused('credentials');
  return { kind: 'registry', url: `${url.origin}${url.pathname.replace(/\/+$/, '')}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refused(problem: InviteProblem): Invite {
  return { kind: 'refused', problem };
}

/** The registries that an invitation may lead to. */
export interface KnownRegistries {
  /** Where I am signed up. */
  readonly joined: string | undefined;
  /** The one this window runs, by the address that other computers reach it at. */
  readonly running: string | undefined;
}

/** Mine is `127.0.0.1` to me; others need the address it has for them. */
export function registryToShare({ joined, running }: KnownRegistries): string | undefined {
  if (joined === undefined || running === undefined) return joined ?? running;
  return leadsTo(joined, running) ? running : joined;
}

/**
 * The addresses that others might reach the registry at `url` by, where that is this machine's own name for itself.
 * `mine` are the `host:port` that other people reach me at, best first.
 */
export function outsideAddresses(url: string, mine: readonly string[]): string[] {
  const own = URL.parse(url);
  if (own === null || !isLoopback(own.hostname)) return [];
  const hosts = mine.map((address) => URL.parse(`http://${address}`)?.hostname);
  const outside = hosts.filter((host) => host !== undefined && !isLoopback(host));
  const port = own.port === '' ? '' : `:${own.port}`;
  return [...new Set(outside)].map(
    (host) => `${own.protocol}//${host}${port}${own.pathname.replace(/\/+$/, '')}`,
  );
}
