// Datagrams with source port 0, which UDP allows and to which nobody can answer. To send one takes a raw socket, and privileges that a
// test has not everywhere: what really comes is told by Node a second time.

import { type RemoteInfo, Socket } from 'node:dgram';

/** Until disposed, each datagram that comes to one of `ports` comes first as from port 0. */
export function copiesFromPort0(
  ports: ReadonlySet<number>,
): Disposable & { readonly copies: readonly Buffer[] } {
  const { emit } = Socket.prototype;
  const copies: Buffer[] = [];
  Socket.prototype.emit = function (this: Socket, name: string, ...said: unknown[]) {
    if (name === 'message' && ports.has(this.address().port)) {
      const [bytes, from] = said as [Buffer, RemoteInfo];
      const copy = Buffer.alloc(bytes.length, bytes);
      copies.push(copy);
      Reflect.apply(emit, this, [name, copy, { ...from, port: 0 }]);
    }
    return Reflect.apply(emit, this, [name, ...said]);
  };
  return {
    copies,
    [Symbol.dispose]: () => {
      Socket.prototype.emit = emit;
    },
  };
}
