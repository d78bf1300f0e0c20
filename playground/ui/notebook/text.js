// The text field of a cell, a prompt's or a note's: what is typed and how tall it is.
// Python's text replaces typed text only where nothing was typed. Knows nothing of runs.

const GROWS_BY_ITSELF = CSS.supports('field-sizing', 'content');

class CellText {
  constructor(id, label, placeholder, extra = '') {
    this.id = id;
    this.known = null; // the text that Python is known to have; null while something is typed
    this.field = h('textarea', {
      class: `nb-text ${extra}`, rows: '1', spellcheck: 'false', autocomplete: 'off', dir: 'auto',
      'aria-label': label, placeholder,
      oninput: () => this.typed(), onblur: () => sendEditsSoon(),
    });
    this.fresh = true;
  }

  get text() {
    return this.field.value;
  }

  update(cell) {
    if (!this.fresh && (page.typed.has(cell.id) || this.known === cell.text)) return;
    this.known = page.typed.has(cell.id) ? null : cell.text;
    this.fresh = false;
    if (this.field.value !== textOf(cell)) this.field.value = textOf(cell);
    this.grow();
  }

  fill(text) {
    this.field.value = text;
    this.field.focus();
    this.typed();
  }

  typed() {
    typedInto(this.id, this.text);
    this.known = null;
    this.grow();
  }

  grow() {
    if (GROWS_BY_ITSELF) return;
    this.field.style.height = 'auto';
    this.field.style.height = `${this.field.scrollHeight}px`;
  }
}
