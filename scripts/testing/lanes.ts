// The lanes of the long parts of `npm test`: each is one mocha with files of its own, which it finds by their places and names. They
// run beside each other (tallied.ts), those that begin first first.

export interface Lane {
  /** For its heading, its tally and its words. */
  readonly name: string;
  /** As globs, from the checkout. */
  readonly files: string;
  readonly except?: string;
}

/** The longest stories over real sockets, which are as long as all others there. */
const LONG = 'test/edge/@(disks|resume|sleeping).test.ts';

/**
 * Real sockets wait for each other most of the time, and keep real times: what only computes comes after the shortest of their lanes.
 * test/edge/words.test.ts is the last of its lane, and looks at what the others in it have said.
 */
export const unitLanes: readonly Lane[] = [
  { name: 'unit-registry', files: 'test/{registry-server,peer,scripts}/**/*.test.ts' },
  { name: 'unit-edge', files: 'test/edge/**/*.test.ts', except: LONG },
  { name: 'unit-edge-long', files: LONG },
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
