// What all cells have: a node that takes the focus, a gutter, tools, a fold; kept and moved, never
// rebuilt while someone types. Knows neither prompts nor notes: those are PromptCell and NoteCell.

const NAMED = 60; // characters of a cell's text that name it
const LINE = 200;

class Cell {
  constructor(id) {
    this.id = id;
    this.json = '';
    this.view = null;
    this.number = h('span', { class: 'nb-number' });
    this.gutter = h('div', { class: 'nb-gutter' }, this.number);
    this.body = h('div', { class: 'nb-prompt' });
    this.box = h('div', { class: 'nb-box' }, this.body);
    this.node = h('article', { class: 'nb-cell', 'data-cell': id, tabindex: '-1' }, this.gutter, this.box);
  }

  // The buttons at the cell's corner; `first` are those that only some kinds have.
  tools(...first) {
    this.up = iconButton('up', t('Move up'), () => this.move(-1));
    this.down = iconButton('down', t('Move down'), () => this.move(1));
    this.remove = iconButton('remove', t('Delete'), () => this.delete());
    this.more = menuButton('more', t('More'), () => cellMenu(this));
    return h('div', { class: 'nb-tools', role: 'group', 'aria-label': t('Cell') }, ...first, this.up, this.down, this.remove, this.more);
  }

  update(view, index, count) {
    if (this.up) {
      setUsable(this.up, index > 0);
      setUsable(this.down, index < count - 1);
    }
    this.place = index;
    const json = JSON.stringify(view);
    if (json === this.json) return;
    this.json = json;
    this.view = view;
    this.drawFold();
    this.draw();
  }

  draw() {}

  // The first line of its text: what a folded cell shows, and what it is called.
  firstLine(most) {
    const line = textOf(this.view).trim().split('\n', 1)[0];
    return line.length > most ? `${line.slice(0, most)}…` : line;
  }

  drawFold() {
    const { folded } = this.view;
    this.node.classList.toggle('nb-folded', folded);
    if (!folded && !this.line) return;
    if (!this.line) {
      this.words = h('span', { class: 'nb-line-text', dir: 'auto' });
      this.lineState = h('span', { class: 'nb-line-state' });
      this.line = h('button', { type: 'button', class: 'nb-line', 'aria-expanded': 'false', onclick: () => this.fold(false) }, icon('right'), this.words, this.lineState);
      this.box.prepend(this.line);
    }
    show(this.line, folded);
    setText(this.words, this.firstLine(LINE) || t('Empty'));
    setText(this.lineState, this.stateInWords());
  }

  stateInWords() {
    return '';
  }

  fold(folded) {
    const inside = this.box.contains(document.activeElement);
    change('fold', { cell: this.id, folded }, inside ? 'command' : '');
    if (inside) this.focus('command');
  }

  move(by) {
    if (isUsable(by < 0 ? this.up : this.down)) change('move', { cell: this.id, by });
  }

  delete() {
    change('delete', { cell: this.id }, 'command');
  }

  // 'edit' puts the caret into the text ('next' only a prompt's), 'command' selects the cell.
  focus(mode, scroll = true) {
    const writes = mode === 'edit' || (mode === 'next' && this.prompt);
    const field = writes && !this.view.folded ? this.edit() : null;
    (field ?? this.node).focus({ preventScroll: true });
    if (scroll) this.node.scrollIntoView({ block: 'nearest' });
  }

  // The field to type into; null where there is none.
  edit() {
    return null;
  }

  forget() {}
}
