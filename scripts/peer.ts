// `npm run peer -- --name NAME --registry URL …`: a peer without an editor, from the built files.
import { runBuilt } from './building/runBuilt.ts';

await runBuilt('peer.js');
