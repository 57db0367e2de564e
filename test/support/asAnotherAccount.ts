// A program of another account, while it runs.

/** What lies on the disks is somebody else's meanwhile. */
export async function asAnotherAccount(run: () => void | Promise<void>): Promise<void> {
  const getuid = process.getuid as () => number;
  process.getuid = () => getuid() + 1;
  try {
    await run();
  } finally {
    process.getuid = getuid;
  }
}
