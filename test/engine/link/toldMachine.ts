// A link machine in a test's hands: what it asks for is gathered, time is a number.

import type { LinkEnd } from '../../../src/engine/link/linkEnd.ts';
import { LinkMachine } from '../../../src/engine/link/linkMachine.ts';
import type { LinkIn, LinkOptions, LinkOut } from '../../../src/engine/link/linkMessages.ts';
import type { Entry, Hello, LinkFrame } from '../../../src/wire/linkFrames.ts';

export const options: LinkOptions & { readonly tcpPort: number } = {
  name: 'sara',
  instance: '00000000000000aa',
  udpPort: 4_000,
  tcpPort: 4_001,
  accepts: true,
  received: 0,
  read: 0,
  written: 0,
  idOfMine: () => undefined,
  capabilities: [],
};

export const theirHello: Hello = {
  kind: 'hello',
  version: 1,
  name: 'bob',
  instance: '00000000000000bb',
  udpPort: 5_000,
  accepts: true,
  received: 0,
  read: 0,
  capabilities: [],
};

export const entry = (number: number): Entry => ({
  number,
  id: `${number}`.padStart(32, '0'),
  at: 1,
  body: { kind: 'text', text: `text ${number}` },
});

export const entries = (after: number, upTo: number): Entry[] =>
  Array.from({ length: upTo - after }, (_, i) => entry(after + 1 + i));

export class ToldMachine {
  readonly machine: LinkMachine;
  now = 0;

  constructor(changed: Partial<LinkOptions> = {}) {
    this.machine = new LinkMachine({ ...options, ...changed });
  }

  /** All that one input leads to. */
  tell(input: LinkIn): LinkOut[] {
    this.machine.handle(input, this.now);
    const outs: LinkOut[] = [];
    for (let out = this.machine.poll(); out !== undefined; out = this.machine.poll()) outs.push(out);
    return outs;
  }

  hear(frame: LinkFrame): LinkOut[] {
    return this.tell({ kind: 'frame', frame });
  }

  /** Goes from deadline to deadline until `now`. */
  pass(now: number): LinkOut[] {
    const outs: LinkOut[] = [];
    for (let at = this.machine.deadline(); at !== undefined && at <= now; at = this.machine.deadline()) {
      this.now = at;
      outs.push(...this.tell({ kind: 'time' }));
    }
    this.now = now;
    return outs;
  }

  /** Through the greeting. */
  meet(hello: Partial<Hello> = {}): LinkOut[] {
    this.tell({ kind: 'start' });
    return this.hear({ ...theirHello, ...hello });
  }
}

export const send = (frame: LinkFrame): LinkOut => ({ kind: 'send', frame });
export const closing = (reason: Extract<LinkFrame, { kind: 'close' }>['reason']): LinkOut =>
  send({ kind: 'close', reason });
export const closed = (end: LinkEnd): LinkOut => ({ kind: 'closed', end });
/** What each was, frames by their own kind. */
export const kinds = (outs: LinkOut[]): string[] =>
  outs.map((out) => (out.kind === 'send' ? out.frame.kind : out.kind));
