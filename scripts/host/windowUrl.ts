// The address under which a VS Code server opens a window.
import { uriPath } from './extensions.ts';

export interface WindowOptions {
  /** The folder that is opened. */
  readonly folder: string;
  /** An extension to load from its folder, and a module in it whose run() is called: servers started `forSuites` only. */
  readonly suite?: { readonly extension: string; readonly module: string };
}

export function windowUrl(server: string, options: WindowOptions): string {
  const query = new URLSearchParams({
    folder: uriPath(options.folder),
    payload: JSON.stringify(payloadOf(server, options)),
  });
  return `${server}/?${query}`;
}

function payloadOf(server: string, { suite }: WindowOptions): [string, string][] {
  const payload: [string, string][] = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  if (!suite) return payload;
  const remote = (file: string) => `vscode-remote://${new URL(server).host}${uriPath(file)}`;
  payload.push(['extensionDevelopmentPath', remote(suite.extension)]);
  payload.push(['extensionTestsPath', remote(suite.module)]);
  return payload;
}
