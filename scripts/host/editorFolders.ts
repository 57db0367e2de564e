// Where one VS Code user keeps everything. Two users share nothing but the machine.
import path from 'node:path';

export interface EditorFolders {
  /** Settings, storage and logs of the server. */
  readonly data: string;
  readonly extensions: string;
  /** `User` inside the data folder: settings.json and what extensions store. */
  readonly user: string;
}

export function editorFolders(root: string): EditorFolders {
  const data = path.join(root, 'data');
  return { data, extensions: path.join(root, 'extensions'), user: path.join(data, 'data', 'User') };
}
