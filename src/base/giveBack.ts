// Gives memory back without waiting for the collector.

/**
 * Node makes new memory for whatever comes from a socket or out of a cipher. Left to the collector it makes the heap look full, and
 * collecting then costs as much as all other work. Given back at once, the same memory, warm in the processor's cache, takes the next bytes.
 *
 * For bytes that nobody looks at any more: they are gone, and have no length. Those that are a part of a larger memory are left alone.
 */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  if (byteLength > 0 && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
