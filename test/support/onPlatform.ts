// A process that says it runs on another system.

/** Until disposed. What Node itself does stays as it is. */
export function onPlatform(platform: NodeJS.Platform): Disposable {
  const before = Object.getOwnPropertyDescriptor(process, 'platform') as PropertyDescriptor;
  Object.defineProperty(process, 'platform', { ...before, value: platform });
  return { [Symbol.dispose]: () => Object.defineProperty(process, 'platform', before) };
}
