// Another window's engine, or another program, has the database: a state to wait out or to attach to, not a failure.

export class StoreBusy extends Error {
  constructor(path: string, cause?: unknown) {
    super(`another process or handle holds ${path}`, { cause });
    this.name = 'StoreBusy';
  }
}
