// The table of a list: one row a problem, a page of them at a time, so that hundreds cost no more than
// fifty. Arrows move, Enter opens a row. Knows rows; where they come from is in listrows.js.

const ROWS_A_PAGE = { wide: 50, narrow: 20 };
const LANE_NAMES = ['left', 'right'];

class ListTable {
  // `open` is called with the row that is to be looked at.
  constructor(data, open) {
    this.data = data;
    this.open = open;
    this.page = 0;
    this.at = -1; // the problem whose row takes the focus
    this.running = 0; // the problem that runs now, from 1
    this.nodes = new Map(); // problem → {json, node}
    this.shown = [];
    this.body = h('tbody', { onkeydown: (event) => this.key(event), onclick: (event) => this.click(event) });
    this.heads = new Map();
    const table = h('table', { class: 'nb-rows', role: 'grid', 'aria-label': t('Problems') }, h('thead', null, h('tr', null, ...COLUMNS.map(({ name }) => this.head(name)))), this.body);
    this.table = table;
    this.frame = h('div', { class: 'nb-rows-frame' }, table);
    this.older = iconButton('left', t('Page before'), () => this.turn(-1), 'nb-page');
    this.newer = iconButton('right', t('Next page'), () => this.turn(1), 'nb-page');
    this.place = h('span', { class: 'nb-place' });
    this.empty = h('p', { class: 'nb-quiet', hidden: true }, t('No problem is like that.'));
    this.pages = h('div', { class: 'nb-list-pages' }, this.older, this.place, this.newer);
    this.node = h('div', { class: 'nb-list-table' }, this.frame, this.empty, this.pages);
  }

  head(name) {
    const button = h('button', { type: 'button', onclick: () => { this.data.sortBy(name); this.begin(); } });
    const head = h('th', { scope: 'col', class: `nb-col-${name}` }, button);
    this.heads.set(name, { head, button });
    return head;
  }

  // The first page: the order or the choice has changed.
  begin() {
    this.page = 0;
    this.frame.scrollTop = 0;
    this.draw();
  }

  draw() {
    this.shown = this.data.shown;
    const last = Math.max(0, Math.ceil(this.shown.length / rowsAPage()) - 1);
    this.page = Math.max(0, Math.min(this.page, last));
    const from = this.page * rowsAPage();
    const rows = this.shown.slice(from, from + rowsAPage());
    if (!rows.some(({ at }) => at === this.at)) this.at = rows[0]?.at ?? -1;
    this.drawHeads();
    const focused = this.body.contains(document.activeElement); // a row that is made anew loses it
    const nodes = rows.map((row) => this.row(row));
    if (nodes.length !== this.body.children.length || nodes.some((node, index) => this.body.children[index] !== node)) this.body.replaceChildren(...nodes);
    for (const at of this.nodes.keys()) if (!rows.some((row) => row.at === at)) this.nodes.delete(at);
    if (focused) this.focus(this.at, false);
    this.table.setAttribute('aria-rowcount', String(this.shown.length + 1));
    show(this.empty, this.shown.length === 0);
    show(this.frame, this.shown.length > 0);
    show(this.pages, last > 0);
    const place = { from: from + 1, to: from + rows.length, count: this.shown.length };
    setText(this.place, t('{from}–{to} of {count}', place));
    setUsable(this.older, this.page > 0);
    setUsable(this.newer, this.page < last);
  }

  drawHeads() {
    const { sort, labels } = this.data;
    const words = { number: '#', prompt: t('Problem'), expected: t('Expected'), left: labels.left, right: labels.right, agree: t('Agree?'), tokens: t('Tokens'), time: t('Time') };
    for (const [name, { head, button }] of this.heads) {
      const now = sort.by === name ? (sort.down ? 'descending' : 'ascending') : 'none';
      if (head.getAttribute('aria-sort') !== now) head.setAttribute('aria-sort', now);
      setText(button, words[name]);
      if (name === 'number') setLabel(button, t('Number'));
      if (name === 'agree') button.title = t('Whether both final answers are the same');
    }
  }

  row(row) {
    const state = row.at + 1 === this.running ? 'nb-row-runs' : row.old ? 'nb-row-old' : '';
    const json = JSON.stringify([row, state, this.data.labels]);
    const kept = this.nodes.get(row.at);
    if (kept?.json === json) {
      kept.node.tabIndex = row.at === this.at ? 0 : -1;
      return kept.node;
    }
    const cells = [
      ['number', String(row.at + 1), ''],
      ['prompt', row.prompt, row.tags.join(', ')],
      ['expected', row.expected, ''],
      ...LANE_NAMES.map((lane) => this.laneCell(row, lane)),
      ['agree', AGREEMENTS[row.agree] ?? '', agreementWords(row.agree)],
      ['tokens', both(row, 'tokenWords'), ''],
      ['time', both(row, 'timeWords'), ''],
    ];
    const node = h('tr', { class: state, 'data-at': row.at, tabindex: row.at === this.at ? '0' : '-1', title: row.old ? t('Running it now would ask something else') : null },
      ...cells.map(([name, text, label, extra = '']) => h('td', { class: `nb-col-${name} ${extra}`, dir: 'auto', 'data-unit': name === 'tokens' ? t('tokens') : null, 'aria-label': label && name !== 'prompt' ? label : null, title: label || null }, name === 'prompt' ? h('span', null, text) : text)));
    this.nodes.set(row.at, { json, node });
    kept?.node.replaceWith(node);
    return node;
  }

  // The mark stands in the style sheet; the words are for who does not see it.
  laneCell(row, lane) {
    const found = row[lane];
    if (!found) return [lane, '', ''];
    const several = found.runs > 1 && found.judged ? ` ${found.right}/${found.judged}` : '';
    const words = gradeWords(found.grade);
    const label = [this.data.labels[lane], words, found.final, several.trim()].filter(Boolean).join(', ');
    return [lane, (found.final || words) + several, label, `nb-grade-${found.grade || 'none'}`];
  }

  click(event) {
    const row = event.target.closest('tr');
    if (!row || String(window.getSelection() ?? '').trim()) return;
    this.at = Number(row.dataset.at);
    this.focus(this.at);
    this.open(this.at);
  }

  turn(by) {
    this.page += by;
    this.at = -1;
    this.frame.scrollTop = 0;
    this.draw();
  }

  // Keys of the table: none of them is the cell's as well.
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const index = this.shown.findIndex(({ at }) => at === this.at);
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + 10, PageUp: index - 10, Home: 0, End: this.shown.length - 1 }[event.key];
    if (to !== undefined) this.go(Math.max(0, Math.min(to, this.shown.length - 1)));
    else if (event.key === 'Enter' || event.key === ' ') this.open(this.at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  go(index) {
    if (!this.shown[index]) return;
    this.at = this.shown[index].at;
    this.page = Math.floor(index / rowsAPage());
    this.draw();
    this.focus(this.at);
  }

  focus(at, scroll = true) {
    for (const [problem, { node }] of this.nodes) node.tabIndex = problem === at ? 0 : -1;
    const node = this.nodes.get(at)?.node;
    node?.focus({ preventScroll: true });
    if (scroll) node?.scrollIntoView({ block: 'nearest' });
  }

  // The problem beside this one in the order that is shown.
  beside(at, by) {
    return this.shown[this.shown.findIndex((row) => row.at === at) + by]?.at ?? -1;
  }
}

function rowsAPage() {
  return narrow.matches ? ROWS_A_PAGE.narrow : ROWS_A_PAGE.wide;
}

const AGREEMENTS = { agree: '=', disagree: '≠', cannot_tell: '?' };

function agreementWords(kind) {
  return { agree: t('the same'), disagree: t('different'), cannot_tell: t('cannot tell') }[kind] ?? '';
}

function gradeWords(grade) {
  return { right: t('correct'), wrong: t('wrong'), no_answer: t('no answer'), not_judged: t('not judged'), waiting: t('being judged'), stopped: t('stopped') }[grade] ?? '';
}

function both({ left, right }, figure) {
  return [left, right].filter(Boolean).map((lane) => lane[figure]).join(' · ');
}
