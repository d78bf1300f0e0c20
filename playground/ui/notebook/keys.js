// The keyboard, as in Jupyter: keys of a cell while its text is edited, keys of the cell as a whole
// while it is selected (the focus is on it, not in its text). Knows nothing of how a cell runs.

const TWICE_MS = 1000;

let pressedD = 0; // when D was pressed last

const COMMANDS = {
  Enter: (cell) => (cell.view.folded ? cell.fold(false) : cell.focus('edit')),
  ArrowUp: (cell) => select(cell, -1),
  ArrowDown: (cell) => select(cell, 1),
  k: (cell) => select(cell, -1),
  j: (cell) => select(cell, 1),
  a: (cell) => addAround(cell.id, 'above', 'prompt', 'command'),
  b: (cell) => addAround(cell.id, 'below', 'prompt', 'command'),
  d: (cell, event) => pressD(cell, event),
  z: () => takeBack('undo'),
  'Shift z': () => takeBack('redo'),
  m: (cell) => convert(cell, 'note'),
  y: (cell) => convert(cell, 'prompt'),
  o: (cell) => cell.results?.toggleTraces(),
  1: (cell) => voteKey(cell, 0),
  2: (cell) => voteKey(cell, 1),
  3: (cell) => voteKey(cell, 2),
  4: (cell) => voteKey(cell, 3),
  'Shift ArrowUp': (cell) => cell.move(-1),
  'Shift ArrowDown': (cell) => cell.move(1),
};

const PAGE_KEYS = {
  '/': () => openSearch(),
  f: () => openSearch(),
  '?': () => openHelp(),
  j: () => currentCell().focus('command'),
  k: () => currentCell().focus('command'),
};

function select(cell, by) {
  neighbour(cell.id, by)?.focus('command');
}

function pressD(cell, event) {
  if (event.repeat) return;
  const twice = event.timeStamp - pressedD < TWICE_MS;
  pressedD = twice ? 0 : event.timeStamp;
  if (twice) cell.delete();
}

// Who presses a key goes on from where the focus is: no later view may move it.
function onKey(event) {
  if (page.focus?.placed) page.focus = null;
  if (event.isComposing || event.defaultPrevented || isDialogOpen() || !page.view) return;
  const done = saveKey(event) || cellKey(event, cellOf(event.target)) || pageKey(event);
  if (done) event.preventDefault();
}

function saveKey(event) {
  if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return false;
  saveAs('ipynb');
  return true;
}

function cellKey(event, cell) {
  if (!cell) return false;
  const { key } = event;
  const text = event.target.closest('.nb-text');
  if (key === 'Enter' && (event.ctrlKey || event.metaKey)) return runKey(cell);
  if (key === 'Enter' && event.shiftKey && (text || event.target === cell.node)) return runKey(cell, true, event.target);
  if (key === 'Escape') return escapeKey(cell, event.target);
  if (isField(event.target) || event.altKey) return false;
  return commandKey(event, cell);
}

// A note has nothing to run: it is shown. From a selected cell the next one is selected.
function runKey(cell, advance = false, target = null) {
  const next = advance ? neighbour(cell.id, 1) : null;
  if (cell.run) {
    cell.run(advance ? { advance } : undefined);
    if (next && target === cell.node) wishFocus('command');
    return true;
  }
  cell.finish?.();
  if (next) next.focus('command');
  else if (advance) addAround(cell.id, 'below');
  return true;
}

function escapeKey(cell, target) {
  if (cell.view.state !== 'idle') cell.stop();
  else if (cell.editing) cell.finish();
  else if (target !== cell.node) cell.focus('command', false);
  return true;
}

// Letters also from a button of the cell; what a button or a box itself uses only from the cell.
function commandKey(event, cell) {
  const letter = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const moves = event.ctrlKey && event.shiftKey && letter.startsWith('Arrow');
  if ((event.ctrlKey || event.metaKey) && !moves) return false;
  if (letter.length > 1 && event.target !== cell.node) return false;
  const command = COMMANDS[event.shiftKey ? `Shift ${letter}` : letter];
  if (letter !== 'd') pressedD = 0;
  if (!command) return false;
  command(cell, event);
  return true;
}

function pageKey(event) {
  const here = event.target === document.body || element.contains(event.target);
  if (!here || isField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return false;
  const action = PAGE_KEYS[event.key];
  action?.();
  return Boolean(action);
}
