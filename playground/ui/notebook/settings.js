// What a cell sets itself: a panel under its prompt, drawn when it is opened.
// Knows the form and how it becomes an intent; what the values mean is Python's.

const CONFIGURE_PAUSE_MS = 800;

class CellSettings {
  constructor(cell) {
    this.cell = cell;
    this.node = null;
    this.timer = 0;
    this.button = iconButton('settings', t('Settings of this cell'), () => this.toggle());
    this.button.setAttribute('aria-expanded', 'false');
  }

  toggle() {
    if (this.node) this.close();
    else this.open();
  }

  open() {
    this.node = h('section', { class: 'nb-settings', tabindex: '-1', 'aria-label': t('Settings of this cell'),
      oninput: () => this.sendSoon(), onchange: () => this.send(), onkeydown: (event) => this.key(event) });
    this.cell.body.after(this.node);
    this.button.setAttribute('aria-expanded', 'true');
    this.build();
    this.fill(this.cell.view);
    this.node.focus({ preventScroll: true });
    this.node.scrollIntoView({ block: 'nearest' });
  }

  // What was typed last goes up before anything that depends on it.
  flush() {
    this.budgets?.send();
    if (this.timer) this.send();
    this.expectation?.flush();
  }

  close() {
    this.flush();
    this.node.remove();
    this.node = null;
    this.expectation = null;
    this.button.setAttribute('aria-expanded', 'false');
    this.button.focus({ preventScroll: true });
  }

  key(event) {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    this.close();
  }

  build() {
    this.made = this.shape();
    this.expectation?.flush();
    this.expectation = new Expectation(this.cell);
    const labels = Object.entries(page.view.lanes);
    this.fields = new Map(); // LANE/NAME → field
    this.continues = h('input', { type: 'checkbox' });
    this.system = choice(t('System prompt'), { '': t('As the notebook'), none: t('None'), own: t('Its own') });
    this.systemText = h('textarea', { class: 'nb-input', rows: '2', dir: 'auto', 'aria-label': t("The cell's own system prompt") });
    this.schedule = choice(t('Schedule'), { '': t('As the notebook'), in_turn: t('In turn'), together: t('Together') });
    this.variables = h('div', { class: 'nb-variables' });
    this.budgets = new BudgetsField(this.cell);
    this.continuesRow = h('label', { class: 'nb-check' }, this.continues, t('Continue the conversation above'));
    const models = [...new Set(Object.values(page.view.models))];
    const listId = `nb-models-${this.cell.id}`;
    const rows = [
      this.row(t('Model'), t('Another model for this cell.'), (lane, label) => h('input', { ...input(t('Model'), label), list: listId, placeholder: page.view.models[lane] }), 'model'),
      ...page.view.fields.map((field) => this.row(field.label, field.help, (lane, label) => sampling(field, lane, label), `sampling ${field.name}`)),
      this.row(t('Keep thinking'), t('Leave earlier thinking in the conversation.'), (_, label) => choice(`${t('Keep thinking')}, ${label}`, { '': t("Notebook's"), yes: t('Yes'), no: t('No') }), 'keep'),
    ];
    this.node.replaceChildren(
      h('div', { class: 'nb-form' }, h('span'), ...labels.map(([lane, label]) => h('b', { class: `nb-${lane}` }, label)), ...rows.flat()),
      h('div', { class: 'nb-form-side' }, this.expectation.node, this.continuesRow,
        h('label', null, t('System prompt'), this.system), this.systemText,
        h('label', null, t('Schedule'), this.schedule), this.budgets.node, this.variables,
        h('p', { class: 'nb-hint' }, t('What is empty is as in the notebook.'))),
      h('datalist', { id: listId }, ...models.map((value) => h('option', { value }))));
  }

  row(label, help, make, name) {
    const fields = Object.entries(page.view.lanes).map(([lane, title]) => {
      const field = make(lane, title);
      this.fields.set(`${lane}/${name}`, field);
      return field;
    });
    return [h('span', { title: help }, label), ...fields];
  }

  // Another shape of the form has to be built anew: lanes were exchanged, or fields came and went.
  shape() {
    return JSON.stringify([page.view.lanes, page.view.models, page.view.fields, page.view.tests_python]);
  }

  update(view) {
    if (!this.node) return;
    this.drawVariables(view);
    this.expectation.update(view);
    if (this.timer || this.isFilledIn()) return;
    if (this.made !== this.shape()) this.build();
    this.fill(view);
  }

  isFilledIn() {
    return this.node.contains(document.activeElement) && document.activeElement !== this.node;
  }

  fill(view) {
    const { own } = view;
    const first = page.view.cells.find((cell) => cell.kind === 'prompt')?.id === this.cell.id;
    show(this.continuesRow, !first);
    this.continues.checked = view.continues;
    this.system.value = own.system === undefined ? '' : own.system === '' ? 'none' : 'own';
    this.systemText.value = own.system ?? '';
    this.schedule.value = own.schedule ?? '';
    for (const [key, field] of this.fields) field.value = valueOf(own, key);
    this.budgets.fill(view);
    this.drawUsable(own);
    this.showSystem();
    this.drawVariables(view);
    this.expectation.update(view);
  }

  // What a lane's model cannot take is grey, with the reason; a cell's own model may be able to.
  drawUsable(own) {
    for (const { name, off } of page.view.fields) {
      for (const lane of Object.keys(page.view.lanes)) {
        const field = this.fields.get(`${lane}/sampling ${name}`);
        const why = own.models?.[lane] || field.value ? '' : off[lane] ?? '';
        field.disabled = why !== '';
        field.title = why;
      }
    }
  }

  showSystem() {
    show(this.systemText, this.system.value === 'own');
  }

  // A name that was taken out of the prompt keeps its values: it may come back.
  drawVariables({ names, own }) {
    const have = [...this.variables.querySelectorAll('textarea')].map((field) => field.name);
    const focused = this.variables.contains(document.activeElement);
    if (names.join() !== have.join()) {
      this.variables.replaceChildren(...names.map((name) => h('label', null, `{{${name}}}`,
        h('textarea', { class: 'nb-input', name, rows: '3', dir: 'auto', 'aria-label': t('Values of {name}, one a line', { name }), placeholder: t('One value a line: one run each') }))));
    } else if (focused || this.timer) {
      return;
    }
    for (const field of this.variables.querySelectorAll('textarea')) field.value = (own.variables?.[field.name] ?? []).join('\n');
  }

  read() {
    const own = {};
    if (this.system.value) own.system = this.system.value === 'none' ? '' : this.systemText.value;
    if (this.schedule.value) own.schedule = this.schedule.value;
    for (const [key, field] of this.fields) if (field.value.trim()) setValue(own, key, field.value);
    const variables = { ...this.cell.view.own.variables };
    for (const field of this.variables.querySelectorAll('textarea')) {
      const lines = field.value.split('\n').filter((line) => line.trim());
      if (lines.length) variables[field.name] = lines;
      else delete variables[field.name];
    }
    if (Object.keys(variables).length) own.variables = variables;
    return own;
  }

  sendSoon() {
    this.showSystem();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), CONFIGURE_PAUSE_MS);
  }

  send() {
    this.showSystem();
    clearTimeout(this.timer);
    this.timer = 0;
    if (!this.node) return;
    const wish = { cell: this.cell.id, continues: this.continues.checked, own: this.read() };
    const json = JSON.stringify(wish);
    if (json === this.sent || !cellView(this.cell.id)) return;
    this.sent = json;
    change('configure', wish);
  }
}

function input(name, label) {
  return { class: 'nb-input', type: 'text', autocomplete: 'off', spellcheck: 'false', 'aria-label': `${name}, ${label}` };
}

function sampling({ label: name, kind, values, offered }, lane, label) {
  const placeholder = (values[lane] ?? '').replaceAll('\n', ' ⏎ ') || t('none');
  if (kind !== 'strings') return h('input', { ...input(name, label), inputmode: 'decimal', placeholder, ...lengths(offered[lane]) });
  return h('textarea', { ...input(name, label), type: null, rows: '1', placeholder });
}

// What the model's card names, to be chosen from.
function lengths(values) {
  if (!values?.length) return {};
  const id = `nb-lengths-${values.join('-')}`;
  if (!document.getElementById(id)) element.append(h('datalist', { id }, ...values.map((value) => h('option', { value }))));
  return { list: id };
}

function choice(label, options) {
  return h('select', { class: 'nb-input', 'aria-label': label }, ...Object.entries(options).map(([value, name]) => h('option', { value }, name)));
}

function valueOf(own, key) {
  const [lane, place] = key.split('/');
  const [part, name] = place.split(' ');
  if (part === 'model') return own.models?.[lane] ?? '';
  if (part === 'sampling') return own.sampling?.[lane]?.[name] ?? '';
  const keeps = own.keep_thinking?.[lane];
  return keeps === undefined ? '' : keeps ? 'yes' : 'no';
}

function setValue(own, key, value) {
  const [lane, place] = key.split('/');
  const [part, name] = place.split(' ');
  if (part === 'model') (own.models ??= {})[lane] = value.trim();
  else if (part === 'sampling') ((own.sampling ??= {})[lane] ??= {})[name] = value;
  else (own.keep_thinking ??= {})[lane] = value === 'yes';
}
