// What tests of the calls below /v1/peers have in common.

import assert from 'node:assert/strict';
import * as v from 'valibot';
import { Problem } from '../../src/contract/registry.ts';
import type { SignedPeer } from './signedPeer.ts';
import type { Answer, TestRegistry } from './testRegistry.ts';

export function pathOf(name: string): string {
  return `/v1/peers/${encodeURIComponent(name)}`;
}

export function registerAt(
  registry: TestRegistry,
  peer: SignedPeer,
  name: string,
  time = registry.clock.time,
): Promise<Answer> {
  return registry.ask('PUT', pathOf(name), peer.registration(name, time));
}

/** A refusal of this kind, in the form that all have, and with nothing of the server's insides. */
export function assertProblem(answer: Answer, status: number, type: string): void {
  assert.equal(`${answer.status} ${answer.body?.type}`, `${status} ${type}`);
  assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8');
  assert.equal(v.parse(Problem, answer.body).status, status);
  assert.doesNotMatch(JSON.stringify(answer.body), /node_modules|\.ts:|\n/);
}
