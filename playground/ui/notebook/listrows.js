// A list's rows as the page has them: fetched compactly and only as far as they are new, then sorted,
// filtered and searched here. Knows no DOM.

const ROWS_PAUSE_MS = 400;
const JUDGED_PAUSE_MS = 2500;

class ListRows {
  // `changed` is called when rows have come.
  constructor(cell, changed) {
    this.cell = cell;
    this.changed = changed;
    this.key = '';
    this.last = '';
    this.tags = [];
    this.labels = page.view.lanes;
    this.rows = new Map(); // which problem → its row
    this.sort = { by: 'number', down: false };
    this.filter = '';
    this.tag = '';
    this.words = '';
    this.fetching = false;
    this.again = false;
  }

  // One question at a time, and a pause between two: fast runs come in handfuls.
  async fetch() {
    this.again = this.fetching;
    if (this.fetching) return;
    this.fetching = true;
    const answer = await ask('rows', { cell: this.cell, key: this.key, last: this.last }, true);
    if (answer) this.take(answer);
    await new Promise((resolve) => setTimeout(resolve, ROWS_PAUSE_MS));
    this.fetching = false;
    if (this.again && cells.has(this.cell)) this.fetch();
  }

  // Python tests have run meanwhile, perhaps.
  fetchAll() {
    this.key = '';
    if (cells.has(this.cell)) this.fetch();
  }

  take({ key, last, whole, tags, labels, rows }) {
    if (whole) this.rows.clear();
    const fresh = rows.map((row) => rowOf(row, tags));
    for (const row of fresh) this.rows.set(row.at, row);
    Object.assign(this, { key, last, tags, labels });
    if (whole || fresh.length) this.changed();
    const waits = fresh.some((row) => is(row, 'left', 'waiting') || is(row, 'right', 'waiting'));
    if (waits) setTimeout(() => this.fetchAll(), JUDGED_PAUSE_MS);
  }

  // The rows that are to be shown, in their order.
  get shown() {
    const words = this.words.trim().toLowerCase();
    const passes = this.filters().find(({ name }) => name === this.filter)?.passes ?? (() => true);
    const found = [...this.rows.values()].filter((row) => passes(row)
      && (!this.tag || row.tags.includes(this.tag)) && (!words || row.text.includes(words)));
    const { value } = COLUMNS.find(({ name }) => name === this.sort.by);
    const sign = this.sort.down ? -1 : 1;
    return found.sort((one, other) => inOrder(value(one), value(other), sign) || one.at - other.at);
  }

  sortBy(name) {
    const same = this.sort.by === name;
    this.sort = { by: name, down: same ? !this.sort.down : ['tokens', 'time'].includes(name) };
  }

  // What rows can be chosen by, each with how many there are: pairs of runs, as the verdict counts
  // them, where it tells who is right.
  filters() {
    const { left, right } = this.labels;
    const listed = [
      ['only_right', t('{one} right, {other} wrong', { one: right, other: left })],
      ['only_left', t('{one} right, {other} wrong', { one: left, other: right })],
      ['both', t('both right')],
      ['neither', t('both wrong')],
      ['agree', t('same answer'), ({ agree }) => agree === 'agree'],
      ['disagree', t('different answers'), ({ agree }) => agree === 'disagree'],
      ['no_answer', t('no answer'), (row) => is(row, 'left', 'no_answer') || is(row, 'right', 'no_answer')],
      ['stopped', t('stopped or failed'), (row) => is(row, 'left', 'stopped') || is(row, 'right', 'stopped')],
      ['old', t('not up to date'), ({ old }) => old],
      ['none', t('not run yet'), ({ left: one, right: other }) => !one && !other],
    ];
    const all = [...this.rows.values()];
    return listed.map(([name, label, passes = ({ pairs }) => pairs[name] > 0]) => {
      const found = all.filter(passes);
      const count = PAIRS.includes(name) ? found.reduce((sum, { pairs }) => sum + pairs[name], 0) : found.length;
      return { name, label, passes, count, rows: found.length };
    });
  }

  tagCounts() {
    const counts = new Map(this.tags.map((tag) => [tag, 0]));
    for (const row of this.rows.values()) for (const tag of row.tags) counts.set(tag, counts.get(tag) + 1);
    return counts;
  }
}

function is(row, lane, grade) {
  return row[lane]?.grade === grade;
}

// As a row's counts travel.
const PAIRS = ['both', 'only_left', 'only_right', 'neither'];

const GRADES = ['right', '', 'not_judged', 'waiting', 'wrong', 'no_answer', 'stopped'];

// A row's columns: their names, and what they are sorted by; null comes last either way.
const COLUMNS = [
  { name: 'number', value: (row) => row.at },
  { name: 'prompt', value: (row) => row.prompt.toLowerCase() },
  { name: 'expected', value: (row) => sortable(row.expected) },
  { name: 'left', value: (row) => gradeOrder(row.left) },
  { name: 'right', value: (row) => gradeOrder(row.right) },
  { name: 'agree', value: (row) => (row.agree ? ['agree', 'cannot_tell', 'disagree'].indexOf(row.agree) : null) },
  { name: 'tokens', value: (row) => total(row, 'tokens') },
  { name: 'time', value: (row) => total(row, 'seconds') },
];

function gradeOrder(lane) {
  return lane ? GRADES.indexOf(lane.grade) : null;
}

function sortable(text) {
  return text === '' ? null : Number.isFinite(Number(text)) ? Number(text) : text.toLowerCase();
}

function total({ left, right }, figure) {
  const known = [left?.[figure], right?.[figure]].filter((value) => value !== null && value !== undefined);
  return known.length ? known.reduce((sum, value) => sum + value, 0) : null;
}

function inOrder(one, other, sign) {
  if (one === null || other === null) return (one === null) - (other === null);
  if (typeof one !== typeof other) return typeof one === 'number' ? -1 : 1;
  return sign * (typeof one === 'number' ? one - other : one.localeCompare(other, language));
}

// As it travels, see list_wire.py.
function rowOf([at, prompt, expected, tags, agree, old, left, right, counts], names) {
  const pairs = Object.fromEntries(PAIRS.map((name, place) => [name, counts[place]]));
  const row = { at, prompt, expected, agree, old, pairs, tags: tags.map((tag) => names[tag]), left: laneOf(left), right: laneOf(right) };
  row.text = [at + 1, prompt, expected, row.left?.final, row.right?.final, ...row.tags].join('\n').toLowerCase();
  return row;
}

function laneOf(cell) {
  if (!cell) return null;
  const [final, grade, right, judged, runs, tokens, tokenWords, seconds, timeWords] = cell;
  return { final, grade, right, judged, runs, tokens, tokenWords, seconds, timeWords };
}
