// A signal machine in virtual time; the test is the registry.

import assert from 'node:assert/strict';
import { ClientFrame, parseFrame, type ServerFrame, type WatchedName } from '../../../src/contract/signal.ts';
import { type SignalIn, SignalMachine, type SignalOut } from '../../../src/engine/reach/signalMachine.ts';
import { Somebody, URL_ } from './support.ts';

export const HOST = new URL(URL_).host;
export const CHALLENGE = Buffer.alloc(32, 7).toString('base64');

/** Drives the machine in virtual time; the test is the registry. */
export class Bench {
  readonly me = new Somebody();
  readonly machine: SignalMachine;
  now = 0;

  constructor(random: () => number = () => 0.999) {
    this.machine = new SignalMachine({ random, me: this.me });
  }

  tell(input: SignalIn): SignalOut[] {
    this.machine.handle(input, this.now);
    const out: SignalOut[] = [];
    for (let next = this.machine.poll(); next !== undefined; next = this.machine.poll()) out.push(next);
    return out;
  }

  hear(frame: ServerFrame): SignalOut[] {
    return this.tell({ kind: 'text', text: JSON.stringify(frame) });
  }

  /** Up to the next deadline, as a driver does. */
  wait(): SignalOut[] {
    this.now = Math.max(this.now, this.machine.deadline() ?? assert.fail('nothing is due'));
    return this.tell({ kind: 'time' });
  }

  waitFor(ms: number): SignalOut[] {
    const until = this.now + ms;
    const out: SignalOut[] = [];
    while ((this.machine.deadline() ?? Number.POSITIVE_INFINITY) <= until) out.push(...this.wait());
    this.now = until;
    return out;
  }

  /** From the dial to the welcome; what came out after it. */
  open(): SignalOut[] {
    this.tell({ kind: 'opened' });
    this.hear({ kind: 'challenge', challenge: CHALLENGE, host: HOST });
    return this.hear({ kind: 'welcome', fingerprint: this.me.fingerprint });
  }

  closed(code = 1006, isThere = true): SignalOut[] {
    return this.tell({ kind: 'closed', code, isThere });
  }
}

export function framesOf(out: readonly SignalOut[]): ClientFrame[] {
  return out.flatMap((each) =>
    each.kind === 'send' ? [parseFrame(ClientFrame, each.text) ?? assert.fail()] : [],
  );
}

export function watchesOf(out: readonly SignalOut[]) {
  return framesOf(out).filter((frame) => frame.kind === 'watch');
}

export function kindsOf(out: readonly SignalOut[]): string[] {
  return out.map(({ kind }) => kind);
}

export function person(name: string, version = 'v1'): WatchedName {
  return { name, version, holder: { fingerprint: 'a'.repeat(64), online: true, lastSeenAt: 5 } };
}
