// The Peers view: shows the rows of peersTree.ts, the badge, and a line where rows alone would not do.

import {
  commands,
  type Disposable,
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView,
  window,
} from 'vscode';
import { toDisposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { setContextKey } from '../contextKeys.ts';
import { paced } from '../paced.ts';
import type { Services } from '../services.ts';
import { clickedRow } from './clickedRow.ts';
import { DropOnPerson } from './dropOnPerson.ts';
import { badgeOf, messageOf } from './peersSummary.ts';
import { peersTree } from './peersTree.ts';
import type { Row } from './row.ts';
import { ShownRows } from './shownRows.ts';

export const PEERS_VIEW = 'hamta.peers';
/** Of every row that does something; only the editor runs it. */
const CLICK = `${PEERS_VIEW}.click`;
/** Far more than the editor takes to ask for rows that it was told of. */
const GIVEN_MS = 3_000;
/**
 * Transfers report ten times a second; eyes and screen readers need less. The editor waits for 200 ms without news before it
 * asks for the rows again: news at that pace or a faster one would keep the rows as they are until the last of it.
 */
const REFRESH_EVERY_MS = 500;
/** How old `away 5 min` may get. */
const AGE_EVERY_MS = 60_000;
const UNFOLD = { expand: true, select: false, focus: false };

export function registerPeersView(services: Services): Disposable[] {
  const { mirror, onDidChangeStatus } = services.engine;
  const rows = new PeersRows(services);
  const view = window.createTreeView(PEERS_VIEW, {
    treeDataProvider: rows,
    dragAndDropController: new DropOnPerson(services),
  });
  const refresh = paced(REFRESH_EVERY_MS, () => {
    rows.refresh();
    show(view, services);
    if (view.visible) for (const row of rows.newParents()) void view.reveal(row, UNFOLD);
  });
  const ageing = setInterval(() => view.visible && rows.refresh(), AGE_EVERY_MS);
  return [
    view,
    rows,
    commands.registerCommand(CLICK, () => runClicked(view, rows)),
    refresh,
    mirror.onDidReset(refresh.soon),
    mirror.onDidChange(refresh.soon),
    onDidChangeStatus(refresh.soon),
    showStarting(services),
    // What has come while nobody looked is unfolded now.
    view.onDidChangeVisibility(({ visible }) => visible && refresh.soon()),
    toDisposable(() => clearInterval(ageing)),
  ];
}

/** While the first engine of this window is on its way, the view is empty: its bar says that something is coming. */
function showStarting({ engine }: Services): Disposable {
  let isShown = false;
  const isStarting = () =>
    engine.state === undefined && ['connecting', 'hosting', 'waiting'].includes(engine.status.kind);
  return engine.onDidChangeStatus(() => {
    if (isShown || !isStarting()) return;
    isShown = true;
    void window.withProgress({ location: { viewId: PEERS_VIEW } }, () => engine.ready()).then(over, over);
  });
  function over(): void {
    isShown = false;
  }
}

function show(view: TreeView<Row>, { engine, language }: Services): void {
  const { state } = engine;
  setContextKey('engineUnavailable', engine.status.kind === 'stopped');
  if (state === undefined) return;
  setContextKey('signedUp', state.me.name !== undefined);
  view.badge = badgeOf(state, language);
  view.message = messageOf(state, language);
}

async function runClicked(view: TreeView<Row>, rows: PeersRows): Promise<void> {
  const late = AbortSignal.timeout(GIVEN_MS);
  const row = await clickedRow(() => view.selection[0], rows.onDidGive, late);
  const command = row && rows.now(row).command;
  if (command !== undefined) await commands.executeCommand(command, row);
}

class PeersRows implements TreeDataProvider<Row>, Disposable {
  readonly #services: Services;
  readonly #shown: ShownRows;
  readonly #changes = new EventEmitter<Row[] | undefined>();
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #given = new Emitter<void>();
  readonly onDidGive = this.#given.event;
  #parents = new Set<string>();

  constructor(services: Services) {
    this.#services = services;
    this.#shown = new ShownRows(() => this.#roots());
  }

  /**
   * Only what says something else: each time that the editor asks for all rows a bar runs along the view, and until it has got them
   * the commands of its menus and buttons get no row.
   */
  refresh(): void {
    const change = this.#shown.renew();
    if (change !== 'none') this.#changes.fire(change === 'all' ? undefined : [...change]);
  }

  /** What a row that the editor has says now. */
  now(row: Row): Row {
    return this.#shown.now(row);
  }

  getChildren(row?: Row): Row[] {
    // It knows them once it has asked what each of them says, which it does in this turn of the loop.
    setImmediate(() => this.#given.fire());
    return [...(row === undefined ? this.#shown.rows : this.#shown.below(row))];
  }

  /** Asked for by TreeView.reveal; only roots are revealed. */
  getParent(): undefined {
    return undefined;
  }

  /**
   * Rows that have transfers or shared files now and had none before. The editor keeps a row that it knows folded as it was, so
   * that a transfer that begins would stay out of sight.
   */
  newParents(): readonly Row[] {
    const parents = this.#shown.rows.filter(({ isFolded }) => !isFolded);
    const kindsOf = (row: Row) => kindsBelow(this.now(row));
    const added = parents.filter((row) => kindsOf(row).some((kind) => !this.#parents.has(kind)));
    this.#parents = new Set(parents.flatMap(kindsOf));
    return added;
  }

  #roots(): readonly Row[] {
    const { engine, language } = this.#services;
    // What was last known would look alive: without an engine the view shows its welcome, which says what to do.
    if (engine.state === undefined || engine.status.kind === 'stopped') return [];
    return peersTree(engine.state, Date.now(), language);
  }

  getTreeItem(had: Row): TreeItem {
    const row = this.now(had);
    const { None, Expanded, Collapsed } = TreeItemCollapsibleState;
    const unfolded = row.isFolded ? Collapsed : Expanded;
    const item = new TreeItem(row.label, row.children.length === 0 ? None : unfolded);
    item.id = row.id;
    item.description = row.description;
    item.tooltip = row.tooltip;
    item.iconPath = iconOf(row);
    item.contextValue = row.contextValue;
    item.accessibilityInformation = { label: row.spoken };
    if (row.command !== undefined) item.command = { command: CLICK, title: '' };
    return item;
  }

  dispose(): void {
    this.#changes.dispose();
    this.#given.dispose();
  }
}

/** Shared files are one folded row; what moves is the rest. */
function kindsBelow({ id, children }: Row): string[] {
  return children.map(({ isFolded }) => (isFolded ? `${id} shared` : id));
}

function iconOf({ icon }: Row): ThemeIcon {
  return new ThemeIcon(icon.id, icon.color === undefined ? undefined : new ThemeColor(icon.color));
}
