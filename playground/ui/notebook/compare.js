// Two ended answers word by word: what both say, or what only one says, marked in their texts.
// Knows lanes by their answers; the pieces are Python's, and are drawn as text. Off until a reader
// switches it on; then it holds for the whole page.

const BLOCK = 2000; // characters
const LINES = /(?:[^\n]*\n){1,20}|[^\n]+/g;

const compared = new Map(); // run → what Python answered

class Compare {
  constructor(results) {
    this.results = results;
    this.only = this.choice('only', t('What differs'));
    this.both = this.choice('both', t('What both say'));
    this.words = h('span', { class: 'nb-compare-words' });
    this.node = h('div', { class: 'nb-compare', role: 'group', 'aria-label': t('Compare text'), hidden: true },
      h('span', { class: 'nb-compare-title' }, t('Compare text')), this.only, this.both, this.words);
  }

  choice(mode, label) {
    return textButton(null, label, () => switchCompared(page.compared === mode ? '' : mode, this), 'nb-small nb-toggle');
  }

  // Both lanes have ended with an answer; else there is nothing to compare.
  get lanes() {
    const lanes = Object.values(this.results.lanes ?? {});
    return lanes.length > 1 && lanes.every((lane) => lane.done && lane.view?.answer) ? lanes : [];
  }

  async draw(aloud = false) {
    const { lanes } = this;
    show(this.node, lanes.length > 0);
    for (const [button, mode] of [[this.only, 'only'], [this.both, 'both']]) button.setAttribute('aria-pressed', String(page.compared === mode));
    const run = this.results.cell.view.run?.run;
    const mode = lanes.length && run ? page.compared : '';
    const found = mode ? compared.get(run) ?? await this.ask(run) : null;
    if (mode && (run !== this.results.cell.view.run?.run || mode !== page.compared)) return; // another one meanwhile
    setText(this.words, found?.words ?? '');
    for (const lane of Object.values(this.results.lanes ?? {})) lane.compare(found?.lanes[lane.lane] ?? null, run, mode);
    if (aloud && found) say(found.words);
  }

  async ask(run) {
    const answer = await ask('compare', { run });
    if (answer) compared.set(run, answer);
    return answer;
  }
}

// For all cells: who compares goes on comparing.
function switchCompared(mode, pressed) {
  page.compared = mode;
  for (const cell of cells.values()) cell.results?.compare?.draw(cell.results.compare === pressed);
}

// The text with the marks of a mode, in blocks that end where a line does: those out of sight cost
// nothing. Pieces at odd positions are only here.
function markedText(pieces, mode) {
  const blocks = [];
  let block = null;
  let length = 0;
  pieces.forEach((piece, index) => {
    const marked = mode === (index % 2 ? 'only' : 'both');
    for (const text of piece.match(LINES) ?? []) {
      if (!block || (length >= BLOCK && blocks.at(-1).endsLine)) {
        block = h('div', { class: 'nb-chunk', dir: 'auto' });
        blocks.push({ node: block, endsLine: false });
        length = 0;
      }
      block.append(marked ? h('mark', { 'data-words': index % 2 ? t('only here') : t('in both') }, text) : text);
      blocks.at(-1).endsLine = text.endsWith('\n');
      length += text.length;
    }
  });
  return blocks.map(({ node }) => node);
}
