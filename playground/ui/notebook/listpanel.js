// A cell that is a list: run, pause and go on, how far it is, what it says, and the table of its
// problems. Knows what Python tells of the list; runs go through the cell.

class ListPanel {
  constructor(cell) {
    this.cell = cell;
    this.asked = ''; // what the summary was asked for
    this.state = '';
    this.data = new ListRows(cell.id, () => this.rowsCame());
    this.table = new ListTable(this.data, (at) => openRow(this, at));
    this.go = textButton('run', '', () => this.goOrPause(), 'nb-primary');
    this.anew = textButton(null, t('Run all anew'), () => this.runAnew());
    this.edit = textButton('edit', t('Edit list…'), () => openListDialog(cell.id));
    this.fold = textButton(null, '', () => this.foldLive(), 'nb-small');
    this.bar = h('progress', { class: 'nb-list-progress', max: 1, 'aria-label': t('How far the list is') });
    this.words = h('span', { class: 'nb-list-words' });
    this.left = h('span', { class: 'nb-list-words' });
    this.error = h('p', { class: 'nb-outcome nb-box-error', hidden: true });
    this.head = h('div', { class: 'nb-list-head' }, this.go, this.anew, this.edit, this.words, this.left, this.fold, this.bar);
    this.says = h('p', { class: 'nb-list-says', hidden: true });
    this.verdict = textButton(null, t('Show the verdict'), () => showVerdict(cell.id), 'nb-small');
    this.saying = h('div', { class: 'nb-list-saying', hidden: true }, this.says, this.verdict);
    this.chips = h('div', { class: 'nb-list-chips', role: 'group', 'aria-label': t('Show only') });
    this.search = h('input', { class: 'nb-input', type: 'search', autocomplete: 'off', spellcheck: 'false', dir: 'auto', placeholder: t('Search the list…'), 'aria-label': t('Search the list'), oninput: () => { this.data.words = this.search.value; this.table.begin(); } });
    this.tag = h('select', { class: 'nb-input', 'aria-label': t('Tag'), onchange: () => { this.data.tag = this.tag.value; this.table.begin(); } });
    this.sort = h('select', { class: 'nb-input nb-list-sort', 'aria-label': t('Sort by'), onchange: () => { this.data.sort = { by: this.sort.value, down: ['tokens', 'time'].includes(this.sort.value) }; this.table.begin(); } });
    this.tools = h('div', { class: 'nb-list-tools' }, this.search, this.tag, this.sort, this.chips);
    this.node = h('section', { class: 'nb-list', 'aria-label': t('List of problems') }, this.head, this.error);
    this.below = h('div', { class: 'nb-list-below' }, this.saying, this.tools, this.table.node);
    this.node.addEventListener('keydown', (event) => this.key(event));
    this.below.addEventListener('keydown', (event) => this.key(event));
    this.seen = false;
  }

  // What was typed into the search is taken back before the cell is left.
  key(event) {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    if (event.target === this.search && this.search.value) {
      this.search.value = this.data.words = '';
      this.table.begin();
    } else {
      this.cell.focus('command', false);
    }
  }

  update(view) {
    const { list, state } = view;
    const busy = isBusy(view);
    this.view = list;
    this.drawHead(list, busy);
    if (this.state && this.state !== 'idle' && state === 'idle') say(`${t('List of problems')}: ${this.progressWords(list, false)}`);
    this.state = state;
    if (this.table.running !== list.running) {
      this.table.running = list.running;
      this.table.draw();
    }
    if (!this.seen) return whenNear(this);
    this.data.fetch();
    this.askWords();
  }

  appear() {
    this.seen = true;
    this.data.fetch();
    this.askWords();
  }

  drawHead({ planned, done, pausing, error }, busy) {
    const left = planned - done;
    const words = busy ? (pausing ? t('Pausing…') : t('Pause')) : done === 0 ? t('Run the list') : left ? t('Resume') : t('Done');
    setText(this.go.lastChild, words);
    setClass(this.go.firstChild, icon(busy ? 'pause' : left ? 'run' : 'done').className);
    setUsable(this.go, busy ? !pausing : left > 0 && !error);
    show(this.anew, !busy && done > 0);
    setUsable(this.edit, !busy);
    setText(this.words, this.progressWords(this.view, busy));
    if (!busy) setText(this.left, '');
    show(this.fold, busy);
    setText(this.fold.lastChild, this.cell.box.classList.contains('nb-live-folded') ? t('Show what runs') : t('Hide what runs'));
    show(this.bar, busy || (done > 0 && left > 0));
    this.bar.value = planned ? done / planned : 0;
    setText(this.error, error);
    show(this.error, error !== '');
  }

  progressWords({ problems, planned, done, running }, busy) {
    const many = planned === problems ? '' : problems === 1 ? t('1 problem') : t('{count} problems', { count: counted(problems) });
    const values = { done: counted(done), planned: counted(planned) };
    const said = busy ? t('{done} of {planned}', values)
      : done === 0 ? (planned === 1 ? t('1 run') : t('{count} runs', { count: values.planned }))
        : done < planned ? t('{done} of {planned} have run', values) : t('all {planned} have run', values);
    return [said, many, running ? t('number {number} runs now', { number: counted(running) }) : ''].filter(Boolean).join(' · ');
  }

  tick({ remaining }) {
    setText(this.left, remaining);
  }

  goOrPause() {
    if (!isUsable(this.go)) return;
    if (isBusy(this.cell.view)) pause(this.cell.id);
    else this.cell.run();
  }

  // All of it again is asked for twice: it may be hours.
  runAnew() {
    const { planned } = this.view;
    const words = planned === 1 ? t('This run again? Those that there are stay.') : t('All {count} runs again? Those that there are stay.', { count: counted(planned) });
    showToast(words, textButton('run', t('Run all anew'), () => {
      hideToast();
      this.cell.start({ action: 'anew' });
    }, 'nb-small'));
  }

  foldLive() {
    this.cell.box.classList.toggle('nb-live-folded');
    this.drawHead(this.view, isBusy(this.cell.view));
  }

  rowsCame() {
    this.drawTools();
    this.table.draw();
  }

  drawTools() {
    const { data } = this;
    const found = data.filters().filter(({ name, count }) => count > 0 || name === data.filter);
    const chips = [{ name: '', label: t('all'), count: data.rows.size }, ...found];
    const json = JSON.stringify([chips, data.filter]);
    if (json !== this.drawnChips) {
      const focused = this.chips.contains(document.activeElement);
      this.drawnChips = json;
      this.chips.replaceChildren(...chips.map((chip) => this.chip(chip)));
      if (focused) this.chips.querySelector('[aria-pressed="true"]')?.focus({ preventScroll: true });
    }
    const tags = [...data.tagCounts()].filter(([, count]) => count);
    show(this.tag, tags.length > 0);
    fillSelect(this.tag, [['', t('any tag')], ...tags.map(([tag, count]) => [tag, `${tag} (${count})`])], data.tag);
    const names = { number: t('Number'), prompt: t('Problem'), expected: t('Expected'), ...data.labels, agree: t('Agree?'), tokens: t('Tokens'), time: t('Time') };
    fillSelect(this.sort, COLUMNS.map(({ name }) => [name, t('by {column}', { column: names[name] })]), data.sort.by);
  }

  chip({ name, label, count, rows = count }) {
    const choose = () => {
      this.data.filter = this.data.filter === name ? '' : name;
      this.drawTools();
      this.table.begin();
    };
    return h('button', { type: 'button', class: 'nb-chip nb-filter', 'aria-pressed': String(this.data.filter === name), title: rows === count ? null : t('Pairs of runs: {count}. Problems: {rows}.', { count: counted(count), rows: counted(rows) }), onclick: choose }, `${label} `, h('b', null, counted(count)));
  }

  // What the list says: once it rests, for it costs more than a row.
  async askWords() {
    const { kept, done } = this.view;
    const about = JSON.stringify([kept, done, this.data.key]);
    if (isBusy(this.cell.view) || about === this.asked) return;
    this.asked = about;
    const answer = kept ? await ask('summary', { cell: this.cell.id }, true) : { words: '' };
    if (!answer) this.asked = '';
    if (!answer || about !== this.asked) return;
    setText(this.says, answer.words);
    show(this.says, answer.words !== '');
    show(this.saying, answer.words !== '');
  }

  stateInWords() {
    return this.progressWords(this.view, false);
  }

  forget() {
    far.delete(this);
  }
}

function counted(number) {
  return number.toLocaleString(language);
}

function fillSelect(select, options, value) {
  const json = JSON.stringify(options);
  if (select.dataset.made !== json) {
    select.dataset.made = json;
    select.replaceChildren(...options.map(([each, label]) => h('option', { value: each }, label)));
  }
  if (select.value !== value) select.value = value;
}

async function pause(id) {
  await ask('pause', { cell: id });
  receiveView(await ask('view'));
}
