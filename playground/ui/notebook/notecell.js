// A note: Markdown that the server renders, and a text field while it is edited; and the cell of
// another program, which is shown as text. Knows nothing of runs.

class NoteCell extends Cell {
  constructor(id) {
    super(id);
    this.editing = false;
    this.seen = false; // near the screen once
    this.cell = this; // what near.js looks for
    this.text = new CellText(id, t('Note'), t('Write a note in Markdown…'), 'nb-note-text');
    this.button = iconButton('edit', t('Edit (Enter)'), () => this.toggle(), 'nb-run nb-note-button');
    this.gutter.prepend(this.button);
    this.rendered = h('div', { class: 'nb-note', ondblclick: () => this.focus('edit') });
    show(this.text.field, false);
    this.body.append(this.text.field, this.rendered, this.tools());
    this.node.classList.add('nb-is-note');
  }

  update(view, index, count) {
    this.text.update(view);
    super.update(view, index, count);
  }

  draw() {
    setLabel(this.node, [t('Note'), this.firstLine(NAMED)].filter(Boolean).join(': '));
    if (this.view.folded) this.editing = false;
    this.showMode();
    if (this.view.folded) return;
    if (this.seen) this.render();
    else whenNear(this);
  }

  appear() {
    this.seen = true;
    this.render();
  }

  // Blocks that are right already stay as they are.
  render() {
    const { blocks, text } = this.view;
    if (this.drawn === text) return;
    this.drawn = text;
    if (!text.trim()) this.rendered.replaceChildren(h('p', { class: 'nb-empty' }, t('Empty note. Double-click or press Enter to write.')));
    else this.rendered.replaceChildren(...blocks.map(makeBlock));
  }

  showMode() {
    relabel(this.button, this.editing ? 'done' : 'edit', this.editing ? t('Show (Ctrl+Enter)') : t('Edit (Enter)'));
    this.node.classList.toggle('nb-editing', this.editing);
    show(this.text.field, this.editing);
    show(this.rendered, !this.editing);
  }

  edit() {
    this.editing = true;
    this.showMode();
    this.text.grow();
    return this.text.field;
  }

  // Shown as soon as the server has rendered what was typed.
  async finish() {
    if (!this.editing) return;
    if (this.node.contains(document.activeElement)) this.focus('command', false);
    await settled();
    this.editing = false;
    this.showMode();
    this.appear();
  }

  toggle() {
    if (this.editing) this.finish();
    else this.focus('edit');
  }

  forget() {
    far.delete(this);
  }
}

class ForeignCell extends Cell {
  constructor(id) {
    super(id);
    this.source = h('pre', { class: 'nb-foreign', tabindex: '0', dir: 'ltr', 'aria-label': t('Text of the cell') });
    this.body.append(h('div', { class: 'nb-foreign-box' }, h('small', null, t('from another program')), this.source), this.tools());
    this.node.classList.add('nb-is-note', 'nb-is-foreign');
  }

  draw() {
    setLabel(this.node, [t('Cell from another program'), this.firstLine(NAMED)].filter(Boolean).join(': '));
    setText(this.source, this.view.text);
  }
}
