// The lanes of the long parts of `npm test`: each is one mocha with files of its own, which it finds by their places and names. They
// run beside each other (tallied.ts), those that begin first first.

export interface Lane {
  /** For its heading, its tally and its words. */
  readonly name: string;
  /** As globs, from the checkout. */
  readonly files: string;
  readonly except?: string;
}

/** Real sockets wait for each other most of the time, and keep real times: what only computes comes after them. */
export const unitLanes: readonly Lane[] = [
  { name: 'unit-edge-a-p', files: 'test/edge/[!q-z]*.test.ts' },
  { name: 'unit-edge-q-z', files: 'test/edge/[q-z]*.test.ts' },
  { name: 'unit-registry', files: 'test/{registry-server,peer,scripts}/**/*.test.ts' },
  {
    name: 'unit-rest',
    files: 'test/**/*.test.ts',
    except: 'test/{edge,editor,registry-server,peer,scripts}/**',
  },
];

/** Halves that take about equally long. */
export const uiLanes: readonly Lane[] = [
  { name: 'ui-a-m', files: 'test/editor/ui/[!n-z]*.test.ts' },
  { name: 'ui-n-z', files: 'test/editor/ui/[n-z]*.test.ts' },
];
