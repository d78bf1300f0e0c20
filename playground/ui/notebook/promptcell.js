// A prompt: its text, what it sets itself, its runs. Knows when it may run and what to stop;
// what ran is drawn in results.js.

class PromptCell extends Cell {
  constructor(id) {
    super(id);
    this.attachments = new Attachments(this);
    this.prompt = new Prompt(id, this.attachments);
    this.settings = new CellSettings(this);
    this.runButton = iconButton('run', t('Run (Ctrl+Enter)'), () => this.runOrStop(), 'nb-run');
    this.gutter.prepend(this.runButton);
    this.own = h('button', { type: 'button', class: 'nb-own', hidden: true, title: t('Settings of this cell'), onclick: () => this.settings.toggle() });
    this.stale = h('span', { class: 'nb-chip nb-stale', hidden: true });
    this.queued = h('span', { class: 'nb-chip', hidden: true }, t('queued'));
    this.foot = h('div', { class: 'nb-foot' }, this.prompt.tokens, this.own, this.queued, this.stale);
    this.body.append(this.prompt.field, this.tools(this.attachments.button, this.settings.button), this.attachments.list, this.foot, this.attachments.chooser);
    this.body.addEventListener('click', (event) => this.focusFromMargin(event));
    this.results = new Results(this);
    this.box.append(this.results.node);
    this.list = null; // what a cell with problems has
  }

  focusFromMargin(event) {
    if (event.target === this.body || event.target === this.foot) this.prompt.field.focus();
  }

  edit() {
    return this.prompt.field;
  }

  update(view, index, count) {
    super.update(view, index, count);
    this.prompt.update(view);
  }

  draw() {
    this.drawGutter();
    this.drawOwn(this.view);
    this.attachments.update(this.view);
    this.drawRuns(this.view);
    this.settings.update(this.view);
    this.results.update(this.view);
    this.drawList(this.view);
  }

  drawGutter() {
    const { state, number } = this.view;
    const asked = page.asked.has(this.id);
    const busy = state !== 'idle';
    if (busy) relabel(this.runButton, 'stop', t('Stop (Esc)'));
    else relabel(this.runButton, 'run', t('Run (Ctrl+Enter)'));
    setUsable(this.runButton, busy || !asked);
    setText(this.number, busy || asked ? '[•]' : number ? `[${number}]` : '[ ]');
    const name = busy ? t('Cell, running') : number ? t('Cell {number}', { number }) : t('Cell, not run yet');
    setLabel(this.node, [name, this.firstLine(NAMED)].filter(Boolean).join(': '));
    setClass(this.node, `nb-cell nb-is-${asked && !busy ? 'asked' : state}${this.view.folded ? ' nb-folded' : ''}`);
  }

  drawOwn({ chips }) {
    show(this.own, chips.length > 0);
    this.own.replaceChildren(...chips.map((text) => h('span', { class: 'nb-chip', dir: 'auto' }, text)));
  }

  // Its problems' runs are rows below the one that goes on.
  drawList({ list }) {
    if (!list && !this.list) return;
    this.list ??= new ListPanel(this);
    this.box.classList.toggle('nb-has-list', Boolean(list));
    show(this.list.node, Boolean(list));
    show(this.list.below, Boolean(list));
    if (!list) return;
    if (this.list.node.nextSibling !== this.results.node) this.results.node.before(this.list.node);
    if (this.results.node.nextSibling !== this.list.below) this.results.node.after(this.list.below);
    this.list.update(this.view);
  }

  drawRuns({ state, stale, shown, runs, run: now, list }) {
    show(this.queued, state === 'queued');
    show(this.stale, stale !== '');
    setText(this.stale, stale);
    if (!this.pager && (list || (runs < 2 && !now?.values))) return;
    if (!this.pager) this.makePager();
    show(this.pager, runs > 1 && !list);
    setText(this.pages, state === 'running' ? t('running: {count}', { count: runs + 1 }) : `${shown + 1} / ${runs}`);
    setUsable(this.older, shown > 0);
    setUsable(this.newer, shown < runs - 1);
    show(this.about, Boolean(now?.values || now?.differs));
    setText(this.values, now?.values ?? '');
    setText(this.differs, now?.differs ?? '');
  }

  makePager() {
    const turn = (button, by) => { if (isUsable(button)) this.turn(by); };
    this.older = iconButton('left', t('Older run'), () => turn(this.older, -1), 'nb-page');
    this.newer = iconButton('right', t('Newer run'), () => turn(this.newer, 1), 'nb-page');
    this.pages = h('span', { class: 'nb-place' });
    this.pager = h('span', { class: 'nb-chip nb-pager', role: 'group', 'aria-label': t('Runs of this cell') }, this.older, this.pages, this.newer);
    this.values = h('b', { dir: 'auto' });
    this.differs = h('span');
    this.about = h('span', { class: 'nb-about' }, this.values, this.differs);
    this.foot.append(this.pager, this.about);
  }

  stateInWords() {
    const { state, stale, runs, number } = this.view;
    if (state !== 'idle') return state === 'queued' ? t('queued') : t('running');
    if (this.list && this.view.list) return this.list.stateInWords();
    if (!number) return t('not run yet');
    if (stale) return t('not up to date');
    return runs === 1 ? t('1 run') : t('{count} runs', { count: runs });
  }

  // Nothing ran yet, or what ran is not what running now would do.
  get isStale() {
    const { state, stale, runs, list } = this.view;
    if (list) return state === 'idle' && (list.done < list.planned || page.typed.has(this.id));
    return state === 'idle' && this.prompt.text.trim() !== '' && (runs === 0 || stale !== '' || page.typed.has(this.id));
  }

  turn(by) {
    change('show', { cell: this.id, shown: this.view.shown + by });
  }

  // A list that has all of its runs would run all of them again: that is asked for by its button.
  run(details) {
    const { list } = this.view;
    if (list && !details?.action && !details?.repeats && list.planned > 0 && list.done === list.planned && !isBusy(this.view)) this.list.runAnew();
    else this.start(details);
  }

  start(details) {
    this.settings.flush();
    run([this.id], details);
    this.drawGutter();
    this.results.waiting();
  }

  runOrStop() {
    if (this.view.state !== 'idle') this.stop();
    else if (isUsable(this.runButton)) this.run();
  }

  stop() {
    if (this.view.state !== 'idle') stop(this.id);
  }

  forget() {
    this.results.forget();
    this.list?.forget();
  }
}
