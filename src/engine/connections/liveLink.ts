// One connection with its machine: frames go in, what the machine asks for goes out. Decides nothing.

import type { Millis } from '../../base/clock.ts';
import type { Fingerprint } from '../../contract/fingerprint.ts';
import type { Hello } from '../../wire/linkFrames.ts';
import { Drive } from '../io/drive.ts';
import type { SecureChannel } from '../io/secureChannel.ts';
import { steadyClock } from '../io/systemClock.ts';
import { LinkMachine } from '../link/linkMachine.ts';
import type { LinkIn, LinkOptions, LinkOut } from '../link/linkMessages.ts';

export type Stage = 'greeting' | 'waiting' | 'asking' | 'up' | 'closed';

export class LiveLink {
  readonly channel: SecureChannel;
  readonly peer: Fingerprint;
  stage: Stage = 'greeting';
  hello: Hello | undefined;
  /** On the steady clock; set when it came up. */
  upAt: Millis | undefined;
  readonly #drive: Drive<LinkIn, LinkOut>;

  /** `onOut` hears everything but `send`; of these `closed` is the last, and the connection is closing by then. */
  constructor(channel: SecureChannel, options: LinkOptions, onOut: (link: LiveLink, out: LinkOut) => void) {
    this.channel = channel;
    this.peer = channel.peer;
    this.#drive = new Drive<LinkIn, LinkOut>(new LinkMachine(options), { kind: 'time' }, (out) => {
      this.#note(out);
      if (out.kind === 'send') channel.send(out.frame);
      else onOut(this, out);
    });
    channel.listen({
      onFrame: (frame) => this.handle({ kind: 'frame', frame }),
      onGarbage: (problem) => this.handle({ kind: 'garbage', problem }),
      onFlow: (isWritable) => this.handle({ kind: 'flow', isWritable }),
      onLost: () => this.handle({ kind: 'lost' }),
    });
    this.handle({ kind: 'start' });
  }

  handle(input: LinkIn): void {
    this.#drive.handle(input);
  }

  #note(out: LinkOut): void {
    if (out.kind === 'ask') this.#enter('asking', out.hello);
    if (out.kind === 'waiting') this.#enter('waiting', out.hello);
    if (out.kind === 'up') this.#enter('up', out.hello);
    if (out.kind === 'closed') this.#close();
  }

  #enter(stage: Stage, hello: Hello): void {
    this.stage = stage;
    this.hello = hello;
    if (stage === 'up') this.upAt = steadyClock.now();
  }

  #close(): void {
    this.stage = 'closed';
    this.channel.close();
    // The drive is in the middle of its drain: it lets go of its timer once that is done.
    queueMicrotask(() => this.#drive.dispose());
  }
}
