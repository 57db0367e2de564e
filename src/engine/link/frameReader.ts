// Turns the bytes of a connection into a link machine's inputs. The one place where their errors are caught.

import { DecodeError } from '../../wire/decodeError.ts';
import { FrameDecoder } from '../../wire/frame.ts';
import { decodeLinkFrame } from '../../wire/linkFrames.ts';
import type { LinkIn } from './linkMessages.ts';

export class FrameReader {
  readonly #decoder = new FrameDecoder();
  #isBroken = false;

  /** The inputs in `chunk`, in order. After bytes that are wrong (a last `garbage`) there are no more. */
  read(chunk: Uint8Array): LinkIn[] {
    const inputs: LinkIn[] = [];
    if (this.#isBroken) return inputs;
    this.#decoder.push(chunk);
    for (let input = this.#next(); input !== undefined; input = this.#next()) {
      inputs.push(input);
      if (this.#isBroken) break;
    }
    return inputs;
  }

  #next(): LinkIn | undefined {
    try {
      const json = this.#decoder.next();
      return json === undefined ? undefined : { kind: 'frame', frame: decodeLinkFrame(json) };
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#isBroken = true;
      return { kind: 'garbage', problem: error.message };
    }
  }
}
