// Where Redis is, as --redis says it: one server, a master that Sentinels know, or a Cluster.
//
//   redis://[user:password@]host:port/db                             one server; rediss:// for TLS
//   redis+sentinel://[user:password@]host:port,host:port/master[/db] the Sentinels, and their name for the master
//   redis+cluster://[user:password@]host:port,host:port              some nodes; the rest is learned from them

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

interface Secrets {
  readonly username?: string;
  readonly password?: string;
  readonly tls: boolean;
}

export type RedisAddress =
  | { readonly kind: 'server'; readonly url: string; readonly label: string }
  | (Secrets & {
      readonly kind: 'sentinel';
      readonly sentinels: readonly RedisNode[];
      readonly master: string;
      readonly db: number;
      readonly label: string;
    })
  | (Secrets & { readonly kind: 'cluster'; readonly nodes: readonly RedisNode[]; readonly label: string });

const SEVERAL =
  /^(rediss?)\+(sentinel|cluster):\/\/(?:([^@/]*)@)?([^@/?#]+)(?:\/([\w.-]+)(?:\/(\d{1,4}))?)?\/?$/;
const SENTINEL_PORT = 26_379;
const REDIS_PORT = 6_379;

/** Undefined when it is none of these. `label` is for people and logs: never with a user or a password. */
export function parseRedisAddress(text: string): RedisAddress | undefined {
  const several = SEVERAL.exec(text);
  if (several === null) return serverOf(text);
  const [, scheme, kind, secrets, hosts = '', master, db = '0'] = several;
  const given = secretsOf(secrets, scheme === 'rediss');
  if (given === undefined) return undefined;
  if (kind === 'cluster') return master === undefined ? clusterOf(hosts, given) : undefined;
  return master === undefined ? undefined : sentinelOf(hosts, master, Number(db), given);
}

function serverOf(text: string): RedisAddress | undefined {
  const url = URL.parse(text);
  const isRedis = url?.protocol === 'redis:' || url?.protocol === 'rediss:';
  // The client would take its own options from a query, among them another database than the one that we tell of.
  if (/[?#]/.test(text)) return undefined;
  if (!url || !isRedis || url.hostname === '' || !/^(\/\d{0,4})?$/.test(url.pathname)) return undefined;
  const db = url.pathname.replaceAll('/', '') || '0';
  return { kind: 'server', url: text, label: `${url.hostname}:${url.port || REDIS_PORT}/${db}` };
}

function sentinelOf(hosts: string, master: string, db: number, secrets: Secrets): RedisAddress | undefined {
  const sentinels = nodesOf(hosts, SENTINEL_PORT);
  if (sentinels === undefined) return undefined;
  const label = `sentinel ${labelOf(sentinels)}/${master}/${db}`;
  return { kind: 'sentinel', sentinels, master, db, label, ...secrets };
}

function clusterOf(hosts: string, secrets: Secrets): RedisAddress | undefined {
  const nodes = nodesOf(hosts, REDIS_PORT);
  return nodes && { kind: 'cluster', nodes, label: `cluster ${labelOf(nodes)}`, ...secrets };
}

function nodesOf(hosts: string, usualPort: number): RedisNode[] | undefined {
  const urls = hosts.split(',').map((host) => URL.parse(`redis://${host}`));
  if (urls.some((url) => url === null || url.hostname === '' || url.pathname !== '')) return undefined;
  return urls.flatMap((url) =>
    url === null ? [] : [{ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || usualPort }],
  );
}

function secretsOf(text: string | undefined, tls: boolean): Secrets | undefined {
  if (text === undefined) return { tls };
  try {
    const [username = '', ...rest] = text.split(':').map(decodeURIComponent);
    return { tls, ...(username === '' ? {} : { username }), password: rest.join(':') };
  } catch {
    return undefined; // Not percent-encoded as addresses are.
  }
}

function labelOf(nodes: readonly RedisNode[]): string {
  return nodes.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');
}
