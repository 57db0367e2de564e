// Where `npm start` keeps its people: the registry, the demo peer and the editor's user are the same ones the next time.
import path from 'node:path';
import { cacheDir } from '../setup/places.mjs';

export const startDir = process.env.HAMTA_START_DIR ?? path.join(cacheDir, 'start');
export const registryFile = path.join(startDir, 'registry.db');
export const peerDir = path.join(startDir, 'mina');
export const editorDir = path.join(startDir, 'editor');
export const desktopDir = path.join(startDir, 'desktop');
export const projectDir = path.join(startDir, 'project');
export const ownerFile = path.join(startDir, 'running.pid');
