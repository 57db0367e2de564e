// One end of one contender in a process of its own: does what the benchmark says, one transfer after the other.

import type { ReceivingEnd, SendingEnd, Setup, Words } from './contender.ts';
import { CONTENDERS, type ContenderName } from './contenders.ts';
import { payloadOf } from './payload.ts';

/** What the benchmark asks for; each is answered by one message. */
export type Order =
  | { readonly verb: 'offer' }
  | { readonly verb: 'connect'; readonly words: Words }
  | { readonly verb: 'accept'; readonly words: Words }
  | { readonly verb: 'send' }
  | { readonly verb: 'check' };

export interface Sent {
  readonly ms: number;
  readonly bytes: number;
  readonly cpuMs: number;
}

export interface Checked {
  readonly isExact: boolean;
  readonly cpuMs: number;
}

const [name, host = '', peerHost = '', size, folder = ''] = process.argv.slice(2);
const contender = await CONTENDERS[name as ContenderName]();
const setup: Setup = { host, peerHost, payload: payloadOf(Number(size)), folder };
let receiving: ReceivingEnd | undefined;
let sending: SendingEnd | undefined;
let usage = process.cpuUsage();

process.on('message', (order: Order) => void obey(order).then((answer) => process.send?.(answer)));
process.on('disconnect', () => process.exit(0));
process.send?.('here');

async function obey(order: Order): Promise<Words | Sent | Checked> {
  switch (order.verb) {
    case 'offer':
      receiving?.close();
      receiving = contender.receiver(setup);
      return receiving.offer();
    case 'connect':
      sending?.close();
      sending = contender.sender(setup);
      return sending.connect(order.words);
    case 'accept':
      await receiving?.accept(order.words);
      usage = process.cpuUsage();
      return {};
    case 'send':
      return send(sending as SendingEnd);
    case 'check':
      return check(receiving as ReceivingEnd);
  }
}

async function send(end: SendingEnd): Promise<Sent> {
  await end.isReady();
  usage = process.cpuUsage();
  const start = performance.now();
  const bytes = await end.send();
  return { ms: performance.now() - start, bytes, cpuMs: cpuMs() };
}

async function check(end: ReceivingEnd): Promise<Checked> {
  const used = cpuMs();
  const bytes = await end.received();
  return { isExact: bytes === undefined || bytes.equals(setup.payload), cpuMs: used };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage(usage);
  return (user + system) / 1000;
}
