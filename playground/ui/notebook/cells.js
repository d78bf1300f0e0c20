// The cells: one record and one DOM node each, kept and moved, never rebuilt while someone types.
// Knows the order, the gutter, the tools and the prompt; what ran is drawn in results.js.

const cells = new Map(); // id → Cell
const list = h('div', { class: 'nb-cells' });

class Cell {
  constructor(id) {
    this.id = id;
    this.json = '';
    this.view = null;
    this.prompt = new Prompt(id, () => drawExamples());
    this.number = h('span', { class: 'nb-number' });
    this.runButton = iconButton('run', 'Run (Ctrl+Enter)', () => this.runOrStop(), 'nb-run');
    this.stale = h('span', { class: 'nb-chip nb-stale', hidden: true });
    this.queued = h('span', { class: 'nb-chip', hidden: true }, 'queued');
    this.older = iconButton('left', 'Older run', () => this.page(-1), 'nb-page');
    this.newer = iconButton('right', 'Newer run', () => this.page(1), 'nb-page');
    this.place = h('span', { class: 'nb-place' });
    this.pager = h('span', { class: 'nb-chip nb-pager', role: 'group', 'aria-label': 'Runs of this cell', hidden: true }, this.older, this.place, this.newer);
    this.foot = h('div', { class: 'nb-foot' }, this.prompt.tokens, this.queued, this.stale, this.pager);
    this.examples = h('div', { class: 'nb-examples-slot' });
    this.results = new Results(this);
    this.node = h('article', { class: 'nb-cell', 'data-cell': id },
      h('div', { class: 'nb-gutter' }, this.runButton, this.number),
      h('div', { class: 'nb-box' },
        h('div', { class: 'nb-prompt', onclick: (event) => this.focusFromMargin(event) }, this.prompt.field, this.tools(), this.foot),
        this.examples, this.results.node));
  }

  tools() {
    const tool = (name, label, onclick) => iconButton(name, label, onclick);
    this.up = tool('up', 'Move up', () => change('move', { cell: this.id, by: -1 }));
    this.down = tool('down', 'Move down', () => change('move', { cell: this.id, by: 1 }));
    return h('div', { class: 'nb-tools', role: 'toolbar', 'aria-label': 'Cell' },
      copyButton('Copy the prompt', () => this.prompt.text),
      tool('duplicate', 'Duplicate', () => change('duplicate', { cell: this.id })),
      this.up, this.down,
      tool('remove', 'Delete', () => change('delete', { cell: this.id })));
  }

  focusFromMargin(event) {
    if (event.target === event.currentTarget || event.target === this.foot) this.prompt.field.focus();
  }

  update(view, index, count) {
    this.up.disabled = index === 0;
    this.down.disabled = index === count - 1;
    this.prompt.update(view);
    const json = JSON.stringify(view);
    if (json === this.json) return;
    this.json = json;
    this.view = view;
    this.drawGutter();
    this.drawChips(view);
    this.results.update(view);
  }

  drawGutter() {
    const { state, number } = this.view;
    const asked = page.asked.has(this.id);
    const busy = state !== 'idle';
    if (busy) relabel(this.runButton, 'stop', 'Stop (Esc)');
    else relabel(this.runButton, 'run', 'Run (Ctrl+Enter)');
    this.runButton.disabled = asked && !busy;
    setText(this.number, busy || asked ? '[•]' : number ? `[${number}]` : '[ ]');
    this.node.setAttribute('aria-label', number ? `Cell ${number}` : 'Cell, not run yet');
    setClass(this.node, `nb-cell nb-is-${asked && !busy ? 'asked' : state}`);
  }

  drawChips({ state, stale, shown, runs }) {
    show(this.queued, state === 'queued');
    show(this.stale, stale !== '');
    setText(this.stale, stale);
    show(this.pager, runs > 1);
    setText(this.place, `${shown + 1} / ${runs}`);
    this.older.disabled = shown <= 0;
    this.newer.disabled = shown >= runs - 1;
  }

  page(by) {
    change('show', { cell: this.id, shown: this.view.shown + by });
  }

  run(details) {
    run([this.id], details);
    this.drawGutter();
    this.results.waiting();
  }

  runOrStop() {
    if (this.view.state === 'idle') this.run();
    else this.stop();
  }

  stop() {
    if (this.view.state === 'idle') return;
    this.runButton.disabled = true;
    stop(this.id).then(() => { this.runButton.disabled = false; });
  }
}

function drawRunState(id) {
  const cell = cells.get(id);
  if (!cell?.view) return;
  cell.drawGutter();
  cell.results.update(cell.view);
}

function drawCells(view) {
  const kept = new Set(view.cells.map((cell) => cell.id));
  for (const [id, cell] of cells) {
    if (kept.has(id)) continue;
    cell.results.forget();
    cell.node.remove();
    cells.delete(id);
  }
  const focused = document.activeElement?.closest?.('.nb-cell');
  for (const { id } of view.cells) if (!cells.has(id)) cells.set(id, new Cell(id));
  const nodes = view.cells.map(({ id }) => cells.get(id).node);
  const moved = nodes.some((node, index) => list.children[index] !== node);
  if (moved) arrange(list, nodes, focused);
  view.cells.forEach((cell, index) => cells.get(cell.id).update(cell, index, view.cells.length));
  if (moved && focused && nodes.includes(focused)) focused.scrollIntoView({ block: 'nearest' });
}
