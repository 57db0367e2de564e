// Which VS Code is run, and how long its parts may take.

/** The npm package code-server 4.x.y carries the server build of VS Code 1.x.y: workbench for a browser, extension host in Node. */
export const CODE_SERVER_VERSION = '4.139.1';
/** The desktop editor that runs the same suites. */
export const DESKTOP_VERSION = '1.139.1';
/** Raise when installHost.ts changes what it makes of the package. */
export const HOST_LAYOUT = 1;

/** 0.2 s when idle. */
export const SERVER_START_MS = 30_000;
/** Seconds that an extension host outlives a window that went away without closing; VS Code's own value is three hours. */
export const RECONNECTION_GRACE_SECONDS = 5;
