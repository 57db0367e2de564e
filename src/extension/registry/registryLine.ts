// What the registry's process says about itself, and what it is started with: pure, so that it is held by tests.

/** The one line on standard output when it is ready. */
export interface ReadyLine {
  /** As other computers reach it, where it listens on more than loopback. */
  readonly url: string;
  /** Which store it keeps its names in. */
  readonly store: string;
}

export function parseReadyLine(text: string): ReadyLine | undefined {
  const match = /^hamta registry listening on (http:\/\/\S+) \(store: (.*)\)\s*$/m.exec(text);
  return match === null ? undefined : { url: match[1] as string, store: match[2] as string };
}

export interface RegistryChoice {
  readonly port: number;
  /** Empty: the embedded store in `dataFile`. */
  readonly redisUrl: string;
  readonly dataFile: string;
  /** The only address to listen on; all of them when undefined. */
  readonly host: string | undefined;
}

/** The address of Redis is not among them: other accounts can read command lines, and it may hold a password. */
export function registryArguments({ port, redisUrl, dataFile, host }: RegistryChoice): string[] {
  return [
    '--port',
    String(port),
    ...(host === undefined ? [] : ['--host', host]),
    ...(redisUrl === '' ? ['--data', dataFile] : []),
    '--stop-with-parent',
  ];
}

/** Whether a start that ended with these words of the server may be mended in the setting that has the address of Redis. */
export function isAboutRedis(reason: string, { redisUrl }: Pick<RegistryChoice, 'redisUrl'>): boolean {
  return redisUrl !== '' && reason.includes('--redis');
}

/** `inherited` without what would make another program of the editor's binary, or another registry of this one. */
export function registryEnvironment(
  inherited: Readonly<Record<string, string | undefined>>,
  redisUrl: string,
): Record<string, string | undefined> {
  const kept = Object.entries(inherited).filter(
    ([key]) => !/^(NODE_OPTIONS|VSCODE_.*|ELECTRON_.*|HAMTA_REGISTRY_.*)$/.test(key),
  );
  return {
    ...Object.fromEntries(kept),
    ELECTRON_RUN_AS_NODE: '1',
    ...(redisUrl === '' ? {} : { HAMTA_REGISTRY_REDIS: redisUrl }),
  };
}

/** Whether the address in the settings leads to the registry that says `url`, started on this machine. */
export function leadsTo(settingUrl: string, url: string): boolean {
  const [set, started] = [URL.parse(settingUrl), URL.parse(url)];
  if (set === null || started === null || set.port !== started.port) return false;
  return set.hostname === started.hostname || isLoopback(set.hostname);
}

/** The address for this machine's own settings, which stays right when the network changes. */
export function ownUrl(url: string): string {
  const port = URL.parse(url)?.port;
  return `http://127.0.0.1${port ? `:${port}` : ''}`;
}

/** Where a registry that another window started with the same choice answers. */
export function urlOnThisMachine({ port, host = '127.0.0.1' }: RegistryChoice): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Where this machine asks whether it is healthy: its address for others may be one that a firewall keeps from us. */
export function healthUrl({ url }: ReadyLine, { host }: RegistryChoice): string {
  return `${host === undefined ? ownUrl(url) : url}/healthz`;
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
