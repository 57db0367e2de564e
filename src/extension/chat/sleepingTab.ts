// After a reload the editor keeps a chat's tab without its panel until somebody looks at it. Opening the same chat meanwhile
// must wake that tab, with the draft it keeps: another one beside it would be a second chat with the same person.

import { commands, type Tab, TabInputWebview, window } from 'vscode';

/** The editor's commands that give the focus to a group, by its column. It has none for further ones. */
const FOCUS_GROUP = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh', 'Eighth'].map(
  (place) => `workbench.action.focus${place}EditorGroup`,
);

/** A tab with this title and a panel of this type that is not in the foreground of its group; such a one has its panel. */
export function sleepingTab(viewType: string, title: string): Tab | undefined {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.find((tab) => !tab.isActive && tab.label === title && isOfType(tab, viewType));
}

/** Resolves with whether the tab came to the foreground, where the editor makes its panel. */
export async function wake(tab: Tab): Promise<boolean> {
  const focus = FOCUS_GROUP[tab.group.viewColumn - 1];
  if (focus === undefined) return false;
  await commands.executeCommand(focus);
  await commands.executeCommand('workbench.action.openEditorAtIndex', tab.group.tabs.indexOf(tab));
  return true;
}

/** The editor puts a prefix of its own before the type. */
function isOfType({ input }: Tab, viewType: string): boolean {
  return input instanceof TabInputWebview && input.viewType.endsWith(viewType);
}
