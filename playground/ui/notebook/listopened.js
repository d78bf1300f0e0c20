// A problem of a list whole, in a dialog: its text, what is expected, and its runs drawn as any
// cell's. Knows how to go to the one beside it.

// Results of a run that no cell shows: what a cell's do, from a view of their own.
class OpenedResults extends Results {
  constructor(id, node) {
    super({ id, node, view: null });
    this.seen = true;
  }

  showRun(run) {
    this.cell.view = { state: 'idle', runs: 1, shown: 0, folded: false, run };
    this.update(this.cell.view);
  }

  waiting() {}

  async appear() {
    const keys = this.missing();
    const reply = keys.length ? await ask('fetch', { keys }) : null;
    for (const [key, view] of Object.entries(reply?.lanes ?? {})) {
      ended.set(key, view);
      this.arrived(key, view);
    }
  }
}

class OpenedRow {
  constructor(panel) {
    this.panel = panel;
    this.at = -1;
    this.shown = 0;
    this.text = h('pre', { class: 'nb-opened-text', tabindex: '0', dir: 'auto', 'aria-label': t('Problem') });
    this.facts = h('p', { class: 'nb-opened-facts' });
    this.older = iconButton('left', t('Run before'), () => this.turn(-1), 'nb-page');
    this.newer = iconButton('right', t('Next run'), () => this.turn(1), 'nb-page');
    this.place = h('span', { class: 'nb-place' });
    this.pager = h('div', { class: 'nb-list-pages', hidden: true }, this.older, this.place, this.newer);
    this.none = h('p', { class: 'nb-quiet', hidden: true }, t('This problem has not run yet.'));
    this.before = textButton('up', t('Problem before'), () => this.beside(-1), 'nb-small');
    this.next = textButton('down', t('Next problem'), () => this.beside(1), 'nb-small');
    this.holder = h('div', { class: 'nb-opened-results' });
    this.dialog = openDialog('', h('div', { class: 'nb-opened-head' }, this.text, this.facts), this.pager, this.none, this.holder,
      h('div', { class: 'nb-list-end' }, this.before, this.next));
    this.dialog.classList.add('nb-opened');
    this.results = new OpenedResults(panel.cell.id, this.dialog);
    this.holder.append(this.results.node);
    this.dialog.addEventListener('keydown', (event) => this.key(event));
    this.dialog.addEventListener('close', () => { far.delete(this.results); this.panel.table.focus(this.at); });
  }

  async show(asked) {
    const answer = await ask('row', { cell: this.panel.cell.id, ...asked });
    if (!answer || !this.dialog.isConnected) return;
    this.at = answer.number - 1;
    this.runs = answer.runs;
    setText(this.dialog.querySelector('h2'), t('Problem {number}', { number: counted(answer.number) }));
    setText(this.text, answer.prompt);
    const facts = [answer.expected ? t('Expected: {answer}', { answer: answer.expected }) : '', answer.tags.join(', ')];
    setText(this.facts, facts.filter(Boolean).join(' · '));
    show(this.none, !this.runs.length);
    const wanted = this.runs.findIndex(({ run }) => run.run === asked.run);
    this.draw(wanted >= 0 ? wanted : answer.shown);
    setUsable(this.before, this.panel.table.beside(this.at, -1) >= 0);
    setUsable(this.next, this.panel.table.beside(this.at, 1) >= 0);
  }

  draw(shown) {
    this.shown = shown;
    const count = this.runs.length;
    show(this.pager, count > 1);
    show(this.holder, count > 0);
    if (!count) return;
    const { run, about } = this.runs[shown];
    setText(this.place, [`${shown + 1} / ${count}`, about].filter(Boolean).join(' · '));
    setUsable(this.older, shown > 0);
    setUsable(this.newer, shown < count - 1);
    this.results.showRun(run);
  }

  turn(by) {
    if (this.runs[this.shown + by]) this.draw(this.shown + by);
  }

  beside(by) {
    const at = this.panel.table.beside(this.at, by);
    if (at < 0) return;
    this.panel.table.at = at;
    this.show({ problem: at });
    this.dialog.querySelector('.nb-dialog-body').scrollTop = 0;
  }

  key(event) {
    if (isField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { j: 1, k: -1 }[event.key.toLowerCase()] ?? 0;
    if (by) this.beside(by);
    else if (event.key === 'ArrowLeft') this.turn(-1);
    else if (event.key === 'ArrowRight') this.turn(1);
    else return;
    event.preventDefault();
  }
}

function openRow(panel, at) {
  new OpenedRow(panel).show({ problem: at });
}

// The run that a search found.
function openRunOfList(panel, run, lane) {
  if (lane) lookedFor = `${run}/${lane}`;
  new OpenedRow(panel).show({ run });
}
