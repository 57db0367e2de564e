// The address under which a VS Code server opens a window.
import { uriPath } from './extensions.ts';

export interface Suite {
  /** The folder of the extension to load. */
  readonly extension: string;
  /** The module whose run() is called in the extension host. */
  readonly module: string;
}

export interface WindowOptions {
  /** The folder that is opened. */
  readonly folder: string;
  /** For servers started `forSuites` only. */
  readonly suite?: Suite;
}

export function windowUrl(server: string, { folder, suite }: WindowOptions): string {
  const payload = suite ? `&payload=${encodeURIComponent(JSON.stringify(payloadOf(server, suite)))}` : '';
  return `${server}/?folder=${encodeURI(uriPath(folder))}${payload}`;
}

function payloadOf(server: string, suite: Suite): [string, string][] {
  const remote = (file: string) => `vscode-remote://${new URL(server).host}${uriPath(file)}`;
  return [
    ['extensionDevelopmentPath', remote(suite.extension)],
    ['extensionTestsPath', remote(suite.module)],
  ];
}
