// A window in a process of its own that can be killed at any time: the extension's code, without an editor.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Emitter } from '../../../src/base/emitter.ts';
import type { CommandName, ParamsOf, ResultOf } from '../../../src/contract/commands.ts';
import type { AttachState } from '../../../src/extension/engine/attachMachine.ts';
import type { WindowNews, WindowOptions } from './windowChild.ts';

const CHILD = fileURLToPath(new URL('./windowChild.ts', import.meta.url));
const PATIENCE_MS = 20_000;

type Status = Extract<WindowNews, { kind: 'status' }>;

export class WindowProcess {
  /** Whatever its engine said while it had one, and why requests failed. */
  readonly log: string[] = [];
  readonly #process: ChildProcess;
  readonly #news = new Emitter<WindowNews>();
  readonly #ended: Promise<unknown>;
  #status: Status | undefined;
  #requests = 0;

  /** @param env of the process, in place of what this one has */
  constructor(options: WindowOptions, env: NodeJS.ProcessEnv = process.env) {
    this.#process = fork(CHILD, [JSON.stringify(options)], { env, execArgv: [] });
    this.#ended = once(this.#process, 'exit');
    this.#process.on('message', (news: WindowNews) => {
      if (news.kind === 'status') this.#status = news;
      if (news.kind === 'log') this.log.push(news.text);
      this.#news.fire(news);
    });
  }

  get isHosting(): boolean {
    return this.#status?.isHosting === true && this.#status.status.kind === 'attached';
  }

  /** When it was attached last, once that is after `since` (momentNow). */
  async attached(since = 0): Promise<number> {
    return (await this.#until('attached', ({ at }) => at > since)).at;
  }

  /** Why it has given up, once it has. */
  async stopped(): Promise<Extract<AttachState, { kind: 'stopped' }>['failure']> {
    const { status } = await this.#until('stopped', () => true);
    return (status as Extract<AttachState, { kind: 'stopped' }>).failure;
  }

  async request<Name extends CommandName>(name: Name, params: ParamsOf<Name>): Promise<ResultOf<Name>> {
    const id = ++this.#requests;
    const answer = this.#next((news) => (news.kind === 'done' || news.kind === 'failed') && news.id === id);
    this.#process.send({ id, name, params });
    const news = await answer;
    if (news.kind === 'done') return news.result as ResultOf<Name>;
    throw new Error(`${name} failed: ${news.kind === 'failed' ? news.words : ''}`);
  }

  /** As when the editor crashes. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }

  /** As when the editor is closed. Harmless when it has ended. */
  async close(): Promise<void> {
    if (this.#process.connected) this.#process.send('close');
    await this.#ended;
  }

  async #until(kind: AttachState['kind'], is: (status: Status) => boolean): Promise<Status> {
    const fits = (news: WindowNews | undefined): news is Status =>
      news?.kind === 'status' && news.status.kind === kind && is(news);
    if (fits(this.#status)) return this.#status;
    return (await this.#next(fits)) as Status;
  }

  #next(fits: (news: WindowNews) => boolean): Promise<WindowNews> {
    return new Promise((resolve, reject) => {
      const listening = this.#news.event((news) => {
        if (!fits(news)) return;
        clearTimeout(timer);
        listening.dispose();
        resolve(news);
      });
      const timer = setTimeout(() => {
        listening.dispose();
        reject(new Error(`after ${PATIENCE_MS} ms a window is still ${JSON.stringify(this.#status)}`));
      }, PATIENCE_MS);
    });
  }
}
