// The text field of a cell: what is typed, how tall it is, how many tokens it holds.
// Python's text replaces typed text only where nothing was typed. Knows nothing of runs.

const COUNT_PAUSE_MS = 250;
const LONG_TEXT = 100_000;
const GROWS_BY_ITSELF = CSS.supports('field-sizing', 'content');

class Prompt {
  constructor(id, onType) {
    this.id = id;
    this.onType = onType;
    this.known = null;
    this.asked = 0;
    this.timer = 0;
    this.field = h('textarea', {
      class: 'nb-text', rows: '1', spellcheck: 'false', autocomplete: 'off', 'aria-label': 'Prompt',
      placeholder: 'Ask both models the same question…',
      oninput: () => this.typed(), onfocus: () => this.count(0), onblur: () => sendEdits(),
    });
    this.tokens = h('span', { class: 'nb-tokens' });
  }

  get text() {
    return this.field.value;
  }

  update(cell) {
    if (page.typed.has(cell.id) || this.known === cell.prompt) return;
    this.known = cell.prompt;
    if (this.field.value !== cell.prompt) this.field.value = cell.prompt;
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
    this.count(this.text.length > LONG_TEXT ? 4 * COUNT_PAUSE_MS : COUNT_PAUSE_MS);
    this.onType();
  }

  grow() {
    if (GROWS_BY_ITSELF) return;
    this.field.style.height = 'auto';
    this.field.style.height = `${this.field.scrollHeight}px`;
  }

  count(pause) {
    clearTimeout(this.timer);
    if (!this.text) return this.say({ text: '', tone: 'plain' });
    this.timer = setTimeout(() => this.askCount(), pause);
  }

  async askCount() {
    const prompt = this.text;
    if (prompt === this.counted) return;
    const turn = ++this.asked;
    const reply = await ask('count', { prompt });
    if (turn !== this.asked || !reply) return; // only the latest question's answer counts
    this.counted = prompt;
    this.say(reply);
  }

  say({ text, tone }) {
    if (!text) this.asked++;
    if (!text) this.counted = null;
    setText(this.tokens, text);
    setClass(this.tokens, `nb-tokens nb-tone-${tone}`);
  }
}
