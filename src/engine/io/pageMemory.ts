// Memory that begins at a page: what is written past the system's cache has to, and Node's own buffers begin anywhere.

/** Of each buffer. */
export const PAGE_BUFFER_BYTES = 512 * 1024;
/** Lent at once: those of four files. */
const BUFFERS = 8;
/** A page of WebAssembly, and a multiple of every processor's. */
const WASM_PAGE_BYTES = 65_536;

/** Of all that JavaScript can ask for, this is what V8 maps page by page. Missing from TypeScript's libraries for Node. */
declare const WebAssembly: {
  readonly Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
};

/** Lends buffers. One for an engine: each takes 10 GiB of the addresses of a process, of which 4 MiB are used. */
export class PageMemory {
  #free: Buffer[] | undefined;

  /** Undefined while all are lent, and where the process has no such memory. */
  take(): Buffer | undefined {
    this.#free ??= buffersWherePossible();
    return this.#free.pop();
  }

  /** One that nobody writes to or reads any more. */
  giveBack(buffer: Buffer): void {
    this.#free?.push(buffer);
  }
}

/** Asked for once: where addresses have run out V8 looks through its heap before it says so. */
function buffersWherePossible(): Buffer[] {
  try {
    const pages = (BUFFERS * PAGE_BUFFER_BYTES) / WASM_PAGE_BYTES;
    const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages });
    return Array.from({ length: BUFFERS }, (_, i) =>
      Buffer.from(buffer, i * PAGE_BUFFER_BYTES, PAGE_BUFFER_BYTES),
    );
  } catch {
    return [];
  }
}
