// Imported by an engine's process before the engine: its system keeps the interfaces of this machine from it, as Android does.

import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

os.networkInterfaces = () => {
  throw new Error('uv_interface_addresses returned Unknown system error 13');
};
syncBuiltinESMExports();
