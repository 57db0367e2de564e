// Memory that begins at a page: what is written past the system's cache has to, and Node's own buffers begin anywhere.

/** A page of WebAssembly, and a multiple of every processor's. */
const WASM_PAGE_BYTES = 65_536;

/** Of all that JavaScript can ask for, this is what V8 maps page by page. Missing from TypeScript's libraries for Node. */
declare const WebAssembly: {
  readonly Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
};

/**
 * `count` buffers of `bytes` each, a multiple of 64 KiB, in one piece that goes with the last of them. Throws RangeError where the
 * process has no addresses left for it.
 */
export function pageBuffers(count: number, bytes: number): Buffer[] {
  const pages = (count * bytes) / WASM_PAGE_BYTES;
  const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages });
  return Array.from({ length: count }, (_, i) => Buffer.from(buffer, i * bytes, bytes));
}
