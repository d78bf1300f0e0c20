// Thinking budgets of a cell: the lanes that think run under each of them in turn. A field of the
// cell's settings; what is typed is read by Python.

class BudgetsField {
  constructor(cell) {
    this.cell = cell;
    this.field = h('input', { class: 'nb-input', type: 'text', autocomplete: 'off', spellcheck: 'false', placeholder: t('256, 1024, free'), onchange: () => this.send() });
    const hint = h('span', { class: 'nb-hint' }, t('Numbers of tokens, “free” for no limit: each problem runs once under each.'));
    this.node = h('label', null, t('Thinking budgets to compare'), this.field, hint);
  }

  fill({ budgets }) {
    this.sent = budgets;
    if (document.activeElement !== this.field) this.field.value = budgets;
  }

  send() {
    const typed = this.field.value.trim();
    if (typed === this.sent) return;
    this.sent = typed;
    change('budgets', { cell: this.cell.id, budgets: typed });
  }
}
