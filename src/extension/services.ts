// What every feature is given.

import type { LogOutputChannel, Uri } from 'vscode';
import type { Drafts } from './chat/drafts.ts';
import type { EngineClient } from './engine/engineClient.ts';
import type { Failures } from './failures.ts';
import type { Language } from './language.ts';

export interface Services {
  readonly engine: EngineClient;
  readonly failures: Failures;
  readonly drafts: Drafts;
  readonly log: LogOutputChannel;
  readonly language: Language;
  readonly extensionUri: Uri;
  /** Folders of this user, outlasting windows. */
  readonly folders: {
    /** The engine's own. */
    readonly engine: string;
    /** Pictures and files without a path of their own, until they are sent and as long as the history shows them. */
    readonly outbox: string;
    /** The embedded store of a registry that is started here. */
    readonly registryStore: string;
  };
}
