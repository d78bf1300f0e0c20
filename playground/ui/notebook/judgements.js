// Judgements: a badge under an answer or under both, and what a cell's repeats say together.
// Knows the words that Python sends and how they are opened; judges nothing.

const BADGE_MARKS = { right: '✓', wrong: '✗', no_answer: '–', not_judged: '–', waiting: '…', agree: '=', disagree: '≠', cannot_tell: '?' };
const WAITING_MS = 700;

let waitingTimer = 0;

// One line that opens to the facts in full, by pointer, touch or keyboard.
class Badge {
  constructor(extra) {
    this.mark = h('span', { class: 'nb-badge-mark', 'aria-hidden': 'true' });
    this.title = h('b');
    this.reason = h('span', { class: 'nb-badge-reason', dir: 'auto' });
    this.facts = h('dl', { class: 'nb-facts', hidden: true });
    this.button = h('button', { type: 'button', class: 'nb-badge-line', 'aria-expanded': 'false', onclick: () => this.open(this.facts.hidden) }, this.mark, this.title, this.reason);
    this.node = h('div', { class: `nb-badge ${extra}`, hidden: true }, this.button, this.facts);
    this.extra = extra;
    this.json = '';
  }

  open(open) {
    show(this.facts, open);
    this.button.setAttribute('aria-expanded', String(open));
  }

  // null where there is nothing to judge.
  draw(badge) {
    const json = JSON.stringify(badge);
    if (json === this.json) return;
    this.json = json;
    show(this.node, badge !== null);
    if (!badge) return this.open(false);
    setClass(this.node, `nb-badge ${this.extra} nb-is-${badge.kind}`);
    setText(this.mark, BADGE_MARKS[badge.kind]);
    setText(this.title, badge.title);
    setText(this.reason, badge.reason);
    this.button.title = badge.facts.map(({ label, text }) => `${label}: ${text}`).join('\n');
    this.facts.replaceChildren(...badge.facts.flatMap(({ label, text, how }) => [
      h('dt', null, label),
      h('dd', null, h('span', { dir: 'auto' }, text), how ? h('small', null, how) : null),
    ]));
    if (badge.kind === 'waiting') lookAgain();
  }
}

// Tests run beside the page: what came of them comes with the next view.
function lookAgain() {
  clearTimeout(waitingTimer);
  waitingTimer = setTimeout(async () => receiveView(await ask('view', {}, true)), WAITING_MS);
}

life.addEventListener('abort', () => clearTimeout(waitingTimer));

// A small table under the lanes: a row a figure, a column a lane.
class Together {
  constructor() {
    this.node = h('section', { class: 'nb-together', hidden: true });
    this.json = '';
  }

  draw(together) {
    const json = JSON.stringify(together);
    if (json === this.json) return;
    this.json = json;
    show(this.node, Boolean(together));
    if (!together) return this.node.replaceChildren();
    const lanes = Object.entries(together.lanes);
    const head = h('tr', null, h('td'), ...lanes.map(([lane, label]) => h('th', { scope: 'col', class: `nb-${lane}` }, h('span', { class: 'nb-dot', 'aria-hidden': 'true' }), label)));
    const rows = together.rows.map(({ label, help, values, more }) => h('tr', null,
      h('th', { scope: 'row', title: help || null }, label),
      ...lanes.map(([lane]) => h('td', { dir: 'auto' }, h('b', null, values[lane]), more[lane] ? h('small', null, ` ${more[lane]}`) : null))));
    this.node.replaceChildren(
      h('table', null, h('caption', null, together.title), h('thead', null, head), h('tbody', null, ...rows)),
      together.left_out ? h('p', { class: 'nb-quiet' }, together.left_out) : '');
  }
}
