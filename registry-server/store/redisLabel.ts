// Where a Redis is, for people and logs: never with its user or password.

/** `redis://user:secret@host:6380/2` -> `host:6380/2`. `url` is a valid URL. */
export function redisLabel(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  const db = pathname.replaceAll('/', '');
  return `${hostname || '127.0.0.1'}:${port || 6379}/${db || 0}`;
}
