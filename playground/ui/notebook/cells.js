// The cells in order: one record and one DOM node each, kept and moved. Knows their kinds, the one
// that was used last, and the buttons that appear between two cells.

const cells = new Map(); // id → Cell
const list = h('div', { class: 'nb-cells', onfocusin: (event) => remember(event), onpointerdown: () => { page.focus = null; }, onpointerover: (event) => placeInserter(event) });
const KINDS_OF_CELL = { prompt: PromptCell, note: NoteCell, foreign: ForeignCell };

let currentId = ''; // the cell that was used last

function cellOf(node) {
  return cells.get(node?.closest?.('.nb-cell')?.dataset.cell) ?? null;
}

function remember({ target }) {
  currentId = cellOf(target)?.id ?? currentId;
}

function currentCell() {
  return cells.get(currentId) ?? cells.get(page.view.cells[0]?.id) ?? null;
}

function neighbour(id, by) {
  const at = page.view.cells.findIndex((cell) => cell.id === id) + by;
  return cells.get(page.view.cells[at]?.id) ?? null;
}

function drawRunState(id) {
  const cell = cells.get(id);
  if (!cell?.results || !cell.view) return;
  cell.drawGutter();
  cell.results.update(cell.view);
}

function drawCells(view) {
  const focused = document.activeElement?.closest?.('.nb-cell');
  const lostAt = forgetCells(view, focused);
  for (const { id, kind } of view.cells) if (!cells.has(id)) cells.set(id, new KINDS_OF_CELL[kind](id));
  const nodes = view.cells.map(({ id }) => cells.get(id).node);
  const moved = nodes.some((node, index) => list.children[index] !== node);
  if (moved) arrange(list, nodes, nodes.includes(focused) ? focused : null);
  view.cells.forEach((cell, index) => cells.get(cell.id).update(cell, index, view.cells.length));
  if (moved && focused && nodes.includes(focused)) focused.scrollIntoView({ block: 'nearest' });
  // The focus was in a cell that is gone: its neighbour takes it.
  if (lostAt >= 0 && !view.focus) cells.get(view.cells[Math.min(lostAt, view.cells.length - 1)].id).focus('command');
}

// Cells that are gone, or are of another kind now. Returns where the one with the focus stood.
function forgetCells(view, focused) {
  const kinds = new Map(view.cells.map(({ id, kind }) => [id, kind]));
  const lostAt = [...list.children].indexOf(focused);
  let lost = false;
  for (const [id, cell] of cells) {
    if (kinds.get(id) === cell.view?.kind) continue;
    lost ||= cell.node === focused;
    if (cell.node.contains(inserter)) inserter.remove();
    cell.forget();
    cell.node.remove();
    cells.delete(id);
  }
  return lost ? lostAt : -1;
}

// One row of buttons stands in the gap below the cell that the pointer is over: a row in each cell
// would be as many nodes again. The keyboard has A and B, and each cell its menu.
const inserter = h('div', { class: 'nb-inserter' },
  inserterButton(t('Prompt'), t('Insert a prompt here'), 'prompt'),
  inserterButton(t('Note'), t('Insert a note here'), 'note'));

function inserterButton(words, label, kind) {
  return h('button', { type: 'button', tabindex: '-1', 'aria-label': label, onclick: () => addAround(cellOf(inserter).id, 'below', kind) }, icon('plus'), words);
}

function placeInserter({ target, pointerType }) {
  const cell = cellOf(target);
  const last = cell && cell.node === list.lastElementChild;
  if (cell && pointerType === 'mouse' && !last && inserter.parentNode !== cell.node) cell.node.append(inserter);
}
