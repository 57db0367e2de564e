// `npm run registry -- --port 8000 [--redis URL | --data FILE]`: the registry server, from the built files.
import { runBuilt } from './building/runBuilt.ts';

await runBuilt('registry-server.js');
