// A registration machine in virtual time; the test is the registry.

import assert from 'node:assert/strict';
import { failure } from '../../../src/contract/failure.ts';
import { LEASE_MS } from '../../../src/contract/registry.ts';
import type { RegistryState } from '../../../src/contract/state.ts';
import {
  type RegistrationIn,
  RegistrationMachine,
  type RegistrationOut,
} from '../../../src/engine/reach/registrationMachine.ts';

export const URL_A = 'http://127.0.0.1:8000';
export const URL_B = 'http://127.0.0.1:9000';
/** The time of day when the machine's own scale starts. */
export const EPOCH = 1_800_000_000_000;

export const AWAY = failure('registryUnreachable', { url: URL_A });
export const TAKEN = failure('nameTaken', { name: 'Sara' });

/** Drives the machine in virtual time, and answers what it asks for as the test says. */
export class Bench {
  readonly machine: RegistrationMachine;
  readonly out: RegistrationOut[] = [];
  now = 0;
  /** The computer has slept for so long, on a scale that does not go on meanwhile. */
  sleptMs = 0;

  constructor(random: () => number = () => 0.999) {
    this.machine = new RegistrationMachine({ random, wallTimeOf: (now) => EPOCH + now + this.sleptMs });
  }

  /** What the machine asks for and tells after `input`, and nothing older. */
  tell(input: RegistrationIn): RegistrationOut[] {
    this.machine.handle(input, this.now);
    const out: RegistrationOut[] = [];
    for (let next = this.machine.poll(); next !== undefined; next = this.machine.poll()) out.push(next);
    this.out.push(...out);
    return out;
  }

  /** Up to the next deadline, as a driver does. */
  wait(): RegistrationOut[] {
    const deadline = this.machine.deadline();
    assert.ok(deadline !== undefined, 'the machine waits for nothing');
    this.now = Math.max(this.now, deadline);
    return this.tell({ kind: 'time' });
  }

  join(name = 'Sara', url = URL_A): RegistrationOut[] {
    return this.tell({ kind: 'join', name, url });
  }

  get ticket(): number {
    const asked = this.out.findLast((out) => out.kind === 'register');
    assert.ok(asked !== undefined, 'nothing was asked for');
    return asked.ticket;
  }

  answer(ticket = this.ticket, leaseMs = LEASE_MS, observedAddress = '10.0.0.5'): RegistrationOut[] {
    return this.tell({ kind: 'answered', ticket, leaseMs, observedAddress });
  }

  fail(of = AWAY, ticket = this.ticket): RegistrationOut[] {
    return this.tell({ kind: 'failed', ticket, failure: of });
  }

  /** Joined, with the first list through. */
  settle(pages = 1): void {
    this.join();
    this.answer();
    this.tell({ kind: 'listed', pages });
  }

  get states(): RegistryState['kind'][] {
    return this.out.filter((out) => out.kind === 'changed').map(({ state }) => state.kind);
  }

  /** When each output of this kind came, over `ms` in which every call succeeds. */
  timesOf(kind: RegistrationOut['kind'], ms: number, pages = 1): number[] {
    const times: number[] = [];
    const end = this.now + ms;
    while ((this.machine.deadline() ?? end) < end) {
      for (const out of this.wait()) {
        if (out.kind === kind) times.push(this.now);
        if (out.kind === 'register') this.answer();
        if (out.kind === 'list') this.tell({ kind: 'listed', pages });
      }
    }
    return times;
  }
}

export const kinds = (out: readonly RegistrationOut[]) => out.map(({ kind }) => kind);
