// The extension's own way to the engine in a process that is no editor: `node windowChild.ts '{"script": …, "dataDir": …}'`. It
// tells whoever has started it how it goes, and passes requests on.

import type { CommandName, ParamsOf, ResultOf } from '../../../src/contract/commands.ts';
import { type FailureCode, FailureError } from '../../../src/contract/failure.ts';
import type { AttachState } from '../../../src/extension/engine/attachMachine.ts';
import { openEngine } from '../../../src/extension/engine/openEngine.ts';
import { momentNow } from '../soak/testimony.ts';

export interface WindowOptions {
  /** The built engine. */
  readonly script: string;
  readonly dataDir: string;
  readonly downloadFolder: string;
  /** Of its extension. */
  readonly version: string;
}

export type WindowOrder = 'close' | Order<CommandName>;

export interface Order<Name extends CommandName> {
  readonly id: number;
  readonly name: Name;
  readonly params: ParamsOf<Name>;
}

export type WindowNews =
  | {
      readonly kind: 'status';
      readonly status: AttachState;
      readonly isHosting: boolean;
      readonly at: number;
    }
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'done'; readonly id: number; readonly result: ResultOf<CommandName> }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: FailureCode | undefined;
      readonly words: string;
    };

const options = JSON.parse(process.argv[2] ?? '') as WindowOptions;
const engine = openEngine({
  version: options.version,
  script: options.script,
  dataDir: options.dataDir,
  settings: () => ({
    port: 0,
    listenHost: '127.0.0.1',
    downloadFolder: options.downloadFolder,
    autoAccept: false,
  }),
  log: ({ room, text }) => tell({ kind: 'log', text: `${room}: ${text}` }),
});

engine.client.onDidChangeStatus((status) =>
  tell({ kind: 'status', status, isHosting: engine.isHosting, at: momentNow() }),
);
process.on('message', async (order: WindowOrder) => {
  if (order === 'close') return close();
  const { id } = order;
  try {
    tell({ kind: 'done', id, result: await obey(order) });
  } catch (error) {
    const code = error instanceof FailureError ? error.failure.code : undefined;
    tell({ kind: 'failed', id, code, words: String(error) });
  }
});
// Whoever has started it is gone.
process.on('disconnect', () => process.exit());
engine.client.start();

function obey<Name extends CommandName>({ name, params }: Order<Name>): Promise<ResultOf<Name>> {
  return engine.client.request(name, params);
}

/** As an editor does that is closed. */
async function close(): Promise<void> {
  await engine.close();
  process.exit();
}

function tell(news: WindowNews): void {
  process.send?.(news);
}
