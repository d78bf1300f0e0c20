// One lane of a cell: head, trace, answer, outcome, numbers, notices; live or ended.
// Knows nothing of cells and schedules; where text is missing it asks Python once for the whole.

const ended = new Map(); // LaneKey → LaneView, results that will not change
const traces = new Map(); // LaneKey → whole trace of an ended lane
const LONG_LABEL = 32;

let lookedFor = ''; // LaneKey whose trace is to be unfolded once it is here

class Lane {
  // `widened` is called when this lane is to take the full width, or to give it back.
  constructor(lane, cell, widened) {
    this.lane = lane;
    this.cell = cell;
    this.label = h('h3');
    this.model = h('small', { class: 'nb-model' });
    this.state = h('span', { class: 'nb-state' });
    this.stop = iconButton('stop', t('Stop this lane'), () => this.askStop(), 'nb-stop');
    this.copy = copyButton(t('Copy the answer as Markdown'), () => this.wholeAnswer(), 'nb-copy-answer');
    this.widen = iconButton('widen', t('Full width'), () => widened(this), 'nb-widen');
    this.trace = new Trace(() => this.loadTrace());
    this.outline = new Outline(() => this.loadOutline(), (offset) => this.jump(offset));
    this.trace.details.insertBefore(this.outline.node, this.trace.box);
    this.answer = new Answer();
    this.marked = h('div', { class: 'nb-marked', dir: 'auto', hidden: true });
    this.bar = h('progress', { max: 1, 'aria-label': t('downloading') });
    this.loading = h('div', { class: 'nb-load', hidden: true }, this.bar, h('span'));
    this.urgent = new Urgent(this);
    this.grade = new Badge('nb-grade');
    this.outcome = h('div', { class: 'nb-outcome', hidden: true });
    this.numbers = h('div', { class: 'nb-numbers', hidden: true });
    this.notices = h('ul', { class: 'nb-notices', hidden: true });
    const head = h('header', { class: 'nb-lane-head' }, h('span', { class: 'nb-dot' }), this.label, this.model, this.state, this.copy, this.widen, this.stop);
    this.node = h('section', { class: `nb-lane nb-${lane}` }, head, this.loading, this.trace.node, this.answer.node, this.marked, this.grade.node, this.urgent.node, this.outcome, this.numbers, this.notices);
    this.drawn = {};
    this.reset('', '');
  }

  // Nothing but a name and a few words: before the first tick, or while a result is on its way.
  reset(key, label, words = '') {
    this.key = key;
    this.done = false;
    this.view = null;
    this.asking = false;
    this.trace.clear();
    this.outline.clear();
    this.answer.clear();
    this.compare(null);
    if (label) this.name(label, '');
    this.status(words, 'plain', false);
    this.load(null);
    this.urgent.draw({ running: false });
    this.rest([], null, []);
    this.grade.draw(null);
    show(this.copy, false);
  }

  name(label, model) {
    setText(this.label, label);
    setText(this.model, model);
    this.model.title = model;
    this.node.setAttribute('aria-label', label);
    relabel(this.stop, 'stop', t('Stop {lane}', { lane: label }));
  }

  setWide(wide) {
    relabel(this.widen, wide ? 'narrow' : 'widen', wide ? t('Both lanes') : t('Full width'));
  }

  status(words, tone, running) {
    setText(this.state, words);
    setClass(this.state, `nb-state nb-tone-${tone}`);
    if (running !== this.running) {
      this.running = running;
      if (!running && document.activeElement === this.stop) this.leave();
      this.stop.disabled = false;
      show(this.stop, running);
    }
    this.node.classList.toggle('nb-running', running);
  }

  // A download that goes on; null when none does.
  load(loading) {
    show(this.loading, Boolean(loading));
    if (!loading) return;
    this.bar.value = loading.share;
    setText(this.loading.lastChild, loading.words);
  }

  rest(numbers, outcome, notices) {
    this.figures = numbers;
    drawNumbers(this.numbers, numbers);
    this.once('outcome', outcome, () => this.drawOutcome(outcome));
    this.once('notices', notices, () => {
      this.notices.replaceChildren(...notices.map((text) => h('li', null, text)));
      show(this.notices, notices.length > 0);
    });
  }

  once(name, value, draw) {
    const json = JSON.stringify(value);
    if (this.drawn[name] === json) return;
    this.drawn[name] = json;
    draw();
  }

  head(view) {
    this.name(view.label, view.model);
    this.status(view.state, view.tone, view.running);
    this.load(view.loading);
    this.trace.head(view.summary, view.running, view.continued?.thinking ?? -1);
    this.answer.markFrom(view.continued?.block ?? -1);
    this.urgent.draw(view);
    this.rest(view.numbers, view.outcome, view.notices);
  }

  live(view) {
    if (view.key !== this.key) this.reset(view.key, view.label);
    if (this.done) return;
    if (view.thinking.text && !this.answer.html.length && !view.answer.open) this.trace.openUnlessSet();
    this.head(view);
    if (!this.trace.append(view.thinking.offset, view.thinking.text)) this.fillGap(view);
    if (!this.answer.grow(view.answer)) this.fillGap(view);
    // Its answer is whole, though the other lane may go on.
    show(this.copy, !view.running && this.answer.html.length > 0);
  }

  settle(view) {
    if (view.key !== this.key) this.reset(view.key, view.label);
    this.done = true;
    this.view = view;
    if (page.traces && !this.trace.touched) this.trace.set(page.traces === 'open');
    this.unfoldIfLookedFor();
    this.head(view);
    this.outline.offer(view.thinking_length);
    this.answer.settle(view.blocks);
    show(this.copy, view.answer !== '');
    if (traces.has(view.key)) this.trace.replace(traces.get(view.key));
    else if (this.trace.details.open) this.loadTrace();
  }

  unfoldIfLookedFor() {
    if (lookedFor !== this.key || !this.done) return;
    lookedFor = '';
    this.trace.set(true);
    this.node.scrollIntoView({ block: 'nearest' });
  }

  // Ticks that were merged or lost: the whole of this lane once; ticks go on from there.
  async fillGap(view) {
    if (this.asking) return;
    this.asking = true;
    const { key } = this;
    const [trace, lanes] = await Promise.all([
      ask('trace', { key }),
      view.answer.index > this.answer.html.length ? ask('fetch', { keys: [key] }) : null,
    ]);
    if (this.key !== key) return;
    this.asking = false;
    if (this.done) return;
    if (trace && trace.text.length > this.trace.text.length) this.trace.replace(trace.text);
    const whole = lanes?.lanes?.[key];
    // The end of a growing answer is no finished block yet.
    if (whole) this.answer.fill(whole.blocks.slice(0, view.answer.index));
  }

  async wholeAnswer() {
    const { key } = this;
    const view = this.view ?? (await ask('fetch', { keys: [key] }))?.lanes?.[key];
    return view?.answer ?? null;
  }

  async loadTrace() {
    const view = this.view;
    if (!view || this.trace.text.length >= view.thinking_length) return;
    const reply = traces.has(view.key) ? { text: traces.get(view.key) } : await ask('trace', { key: view.key });
    if (!reply || this.key !== view.key) return;
    traces.set(view.key, reply.text);
    this.trace.replace(reply.text);
  }

  async loadOutline() {
    return (await ask('outline', { key: this.key }))?.entries ?? null;
  }

  async jump(offset) {
    await this.loadTrace();
    this.trace.jump(offset);
  }

  // The answer's text with marks in place of the answer; without pieces the answer as it is.
  compare(pieces, run = '', mode = '') {
    show(this.answer.node, !pieces && !this.answer.isEmpty);
    show(this.marked, Boolean(pieces));
    setClass(this.marked, `nb-marked nb-show-${mode}`);
    const shown = pieces ? `${run} ${mode}` : '';
    if (this.drawn.marked === shown) return;
    this.drawn.marked = shown;
    this.marked.replaceChildren(...(pieces ? markedText(pieces, mode) : []));
  }

  drawOutcome(outcome) {
    show(this.outcome, outcome !== null);
    if (!outcome) return this.outcome.replaceChildren();
    setClass(this.outcome, `nb-outcome nb-box-${outcome.tone}`);
    const actions = outcome.actions.map((action) => this.makeAction(action));
    this.outcome.replaceChildren(
      h('p', { dir: 'auto' }, h('b', null, outcome.title), outcome.text ? ` ${outcome.text}` : ''),
      actions.length ? h('div', { class: 'nb-actions' }, ...actions) : '',
    );
  }

  makeAction({ action, label, tokens }) {
    const go = (details) => {
      this.leave();
      run([this.cell], { action, lane: this.lane, ...details });
    };
    if (tokens === undefined) return textButton(null, label, () => go(), 'nb-small');
    const more = () => go({ run: cellView(this.cell)?.run?.run ?? '', tokens: field.value });
    const field = h('input', { class: 'nb-input', type: 'text', inputmode: 'numeric', autocomplete: 'off', value: tokens, onkeydown: (event) => { if (event.key === 'Enter') more(); } });
    return h('span', { class: 'nb-go-on' }, textButton(null, label, more, 'nb-small'), h('label', null, field, t('more tokens')));
  }

  // What has the focus is about to go; the keyboard's place must not go with it.
  leave() {
    cells.get(this.cell)?.runButton.focus({ preventScroll: true });
  }

  askStop() {
    this.leave();
    this.stop.disabled = true;
    stop(this.cell, this.lane).then(() => { this.stop.disabled = false; });
  }
}

// Figures change ten times a second, their labels do not: only what differs is written.
function drawNumbers(strip, numbers) {
  show(strip, numbers.length > 0);
  while (strip.children.length > numbers.length) strip.lastElementChild.remove();
  numbers.forEach(({ label, value, unit, help }, index) => {
    let figure = strip.children[index];
    if (!figure) {
      figure = h('span', null, h('span'), h('b'), h('span'));
      strip.append(figure);
    }
    const [before, bold, after] = figure.children;
    setText(before, label ? `${label} ` : '');
    setText(bold, value);
    setText(after, unit ? ` ${unit}` : '');
    figure.classList.toggle('nb-long', label.length > LONG_LABEL);
    if (figure.title !== help) figure.title = help;
  });
}
