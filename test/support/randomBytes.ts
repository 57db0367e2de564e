// Bytes that are the same for the same source of numbers.

export function randomBytesOf(random: () => number, length: number): Buffer {
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let at = 0; at < words.length; at++) words[at] = Math.floor(random() * 2 ** 32);
  return Buffer.from(words.buffer, 0, length);
}
