// The part of a cell's settings that says what answer is expected and how often the cell is asked.
// Knows the form and how it becomes an intent; Python says what is wrong with what was typed.

const EXPECTED_KINDS = {
  value: [t('Same value'), t('The same final answer by value: 1,000 is 1000, 1/2 is 0.5.')],
  exact: [t('Exact text'), t('The whole answer, character by character.')],
  number: [t('Number within'), t('A number, right within the tolerance.')],
  choice: [t('Multiple choice'), t("An option's letter, for instance C.")],
  one_of: [t('One of several'), t('One a line; any of them is right.')],
  pattern: [t('Pattern'), t('A regular expression that is found in the answer.')],
  python: [t('Python tests'), t("Tests that the answer's code must pass, for instance: assert f(2) == 4")],
};

class Expectation {
  constructor(cell) {
    this.cell = cell;
    this.timer = 0;
    this.asked = 0;
    this.kind = choice(t('How the answer is judged'), Object.fromEntries(this.offered().map((kind) => [kind, EXPECTED_KINDS[kind][0]])));
    this.value = h('textarea', { class: 'nb-input', rows: '1', dir: 'auto', autocomplete: 'off', spellcheck: 'false', 'aria-label': t('Expected answer') });
    this.tolerance = h('input', { class: 'nb-input', type: 'text', inputmode: 'decimal', autocomplete: 'off', placeholder: '0' });
    this.toleranceRow = h('label', { class: 'nb-tolerance' }, t('Tolerance'), this.tolerance);
    this.repeats = h('input', { class: 'nb-input', type: 'text', inputmode: 'numeric', autocomplete: 'off' });
    this.hint = h('p', { class: 'nb-hint', id: `nb-expected-hint-${cell.id}` });
    this.faults = {
      expected: h('p', { class: 'nb-fault', role: 'alert', hidden: true, id: `nb-expected-fault-${cell.id}` }),
      repeats: h('p', { class: 'nb-fault', role: 'alert', hidden: true, id: `nb-repeats-fault-${cell.id}` }),
    };
    this.value.setAttribute('aria-describedby', `${this.hint.id} ${this.faults.expected.id}`);
    this.repeats.setAttribute('aria-describedby', this.faults.repeats.id);
    // Its changes are its own: the form around it sends others.
    const alone = (act) => (event) => { event.stopPropagation(); act(); };
    this.node = h('div', { class: 'nb-expectation', oninput: alone(() => this.sendSoon()), onchange: alone(() => this.send()) },
      h('div', { role: 'group', class: 'nb-expected', 'aria-label': t('Expected answer') }, h('span', null, t('Expected answer')), h('div', { class: 'nb-expected-fields' }, this.kind, this.value, this.toleranceRow), this.hint, this.faults.expected),
      h('label', { class: 'nb-repeats' }, t('Ask it so many times'), this.repeats), this.faults.repeats);
  }

  // Python tests only where the operator allows them, or the cell has them already.
  offered() {
    const own = this.cell.view.expected?.kind;
    return Object.keys(EXPECTED_KINDS).filter((kind) => kind !== 'python' || page.view.tests_python || own === kind);
  }

  update(view) {
    if (this.timer || this.node.contains(document.activeElement)) return;
    this.fill(view);
  }

  // Each problem of a list has its own.
  fill({ expected, repeats, list }) {
    show(this.node.firstChild, !list);
    this.kind.value = expected?.kind ?? 'value';
    this.value.value = expected?.value ?? '';
    this.tolerance.value = expected?.tolerance ?? '';
    this.repeats.value = repeats > 1 ? String(repeats) : '';
    this.repeats.placeholder = '1';
    this.sent = JSON.stringify(this.read());
    this.tell({ expected: '', repeats: '' });
    this.drawKind();
  }

  drawKind() {
    const kind = this.kind.value || 'value';
    setText(this.hint, EXPECTED_KINDS[kind][1]);
    show(this.toleranceRow, kind === 'number');
    this.value.rows = ['one_of', 'python'].includes(kind) ? 3 : 1;
    this.value.classList.toggle('nb-code-field', ['pattern', 'python'].includes(kind));
  }

  read() {
    const expected = { kind: this.kind.value || 'value', value: this.value.value, tolerance: this.tolerance.value };
    return { expected: expected.value.trim() ? expected : null, repeats: this.repeats.value.trim() };
  }

  sendSoon() {
    this.drawKind();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), CONFIGURE_PAUSE_MS);
  }

  // What is wrong is said beside its field and goes no further.
  async send() {
    this.drawKind();
    clearTimeout(this.timer);
    this.timer = 0;
    const wish = this.read();
    if (JSON.stringify(wish) === this.sent) return this.tell({ expected: '', repeats: '' });
    const asked = ++this.asked;
    const faults = await ask('faults', wish, true);
    if (asked !== this.asked || !faults || !cellView(this.cell.id)) return;
    this.tell(faults);
    const fine = Object.fromEntries(Object.entries(wish).filter(([name]) => !faults[name]));
    if (!Object.keys(fine).length) return;
    this.sent = JSON.stringify({ ...JSON.parse(this.sent), ...fine });
    change('judge', { cell: this.cell.id, ...fine });
  }

  // Before the cell runs, or the form goes: Python refuses in words what it cannot take.
  flush() {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.timer = 0;
    this.asked += 1;
    const wish = this.read();
    if (JSON.stringify(wish) !== this.sent && cellView(this.cell.id)) change('judge', { cell: this.cell.id, ...wish });
  }

  tell(faults) {
    for (const [name, fields] of [['expected', [this.value, this.tolerance]], ['repeats', [this.repeats]]]) {
      show(this.faults[name], faults[name] !== '');
      setText(this.faults[name], faults[name]);
      for (const field of fields) field.setAttribute('aria-invalid', String(faults[name] !== ''));
    }
  }
}
