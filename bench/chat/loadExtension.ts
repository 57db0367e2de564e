// A process that loads the built extension as an extension host does, with nothing behind `vscode`, and says what of its thread's
// time that took: `node loadExtension.ts extension.cjs` prints milliseconds.

import Module, { createRequire } from 'node:module';

type Load = (request: string, ...others: unknown[]) => unknown;

/** Anything that is asked of it is itself, so that classes can be made of it. */
const nothing: unknown = new Proxy(class {}, {
  get: (of, key) => (key === 'prototype' ? Reflect.get(of, key) : nothing),
});
const loader = Module as unknown as { _load: Load };
const load = loader._load;
loader._load = (request, ...others) => (request === 'vscode' ? nothing : load(request, ...others));

const before = process.threadCpuUsage();
createRequire(import.meta.url)(process.argv[2] ?? '');
const { user, system } = process.threadCpuUsage(before);
console.log((user + system) / 1_000);
