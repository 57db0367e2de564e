// `npm run bench`: the benchmark runs from source, on the project's own Node.

await import('../bench/main.ts');
