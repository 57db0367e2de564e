// Buffers whose bytes lie behind each other in a file, for reads and writes that the system may end early.

/** What is left of them when their first `bytes` are done. */
export function withoutFirst<B extends Uint8Array>(buffers: readonly B[], bytes: number): B[] {
  let over = bytes;
  return buffers.flatMap((buffer) => {
    const rest = buffer.subarray(Math.min(over, buffer.length)) as B;
    over -= buffer.length - rest.length;
    return rest.length === 0 ? [] : [rest];
  });
}
