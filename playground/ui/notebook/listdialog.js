// A list of problems comes in: a table that is chosen, dropped, pasted or built in, looked at before it
// becomes a cell; the same dialog edits the problems of one. What a table means is Python's.

const LIST_FILES = '.csv,.tsv,.jsonl,.json,.txt,.md';
const PREVIEW_PAUSE_MS = 300;
const TOO_LONG_TO_EDIT = 400_000; // characters: a text field of more of them is slow

// `cell` is null for a new list, after the cell of the id `after` (at the end where that is null).
async function openListDialog(cell = null, after = null) {
  await settled();
  const form = new ListForm(cell, after);
  if (cell) await form.begin();
}

class ListForm {
  constructor(cell, after) {
    this.cell = cell;
    this.after = after;
    this.held = ''; // a table too long for the text field
    this.asked = 0;
    this.timer = 0;
    this.chooser = h('input', { type: 'file', accept: LIST_FILES, hidden: true, tabindex: '-1', 'aria-hidden': 'true', onchange: () => this.take(this.chooser.files[0]) });
    this.field = h('textarea', { class: 'nb-input nb-table-text', rows: '7', spellcheck: 'false', dir: 'auto', 'aria-label': t('The problems as a table'),
      placeholder: 'prompt,expected,tags\nWhat is 2 + 2?,4,sums\nWhat is 3 × 5?,15,products', oninput: () => this.lookSoon() });
    this.long = h('p', { class: 'nb-outcome', hidden: true });
    this.state = h('p', { class: 'nb-list-count', role: 'status' });
    this.error = h('p', { class: 'nb-outcome nb-box-error', role: 'alert', hidden: true });
    this.found = h('div', { class: 'nb-found-table' });
    this.done = textButton(null, cell ? t('Save the list') : t('Add the list'), () => this.finish(), 'nb-primary');
    setUsable(this.done, false);
    const hint = t('CSV, TSV, JSON, JSON lines, a Markdown table, cells from a spreadsheet, or a problem a line. Columns called prompt, expected and tags are known; others become variables.');
    this.dialog = openDialog(cell ? t('Edit the list') : t('Add a list of problems'),
      h('div', { class: 'nb-list-from' },
        textButton('open', t('Choose a file…'), () => this.choose()),
        textButton(null, t('Built-in problems'), () => this.takeBuiltIn()), this.chooser),
      h('p', { class: 'nb-section-note' }, hint),
      this.field, this.long, this.error, this.state, this.found,
      h('div', { class: 'nb-list-end' }, this.done, textButton(null, t('Cancel'), () => this.dialog.close())));
    this.dialog.classList.add('nb-list-dialog');
    for (const name of ['dragover', 'drop']) this.dialog.addEventListener(name, (event) => this.drop(event));
    this.field.focus();
  }

  async begin() {
    const answer = await ask('listed', { cell: this.cell });
    if (answer) this.fill(answer.text);
  }

  get text() {
    return this.held || this.field.value;
  }

  fill(text, name = '') {
    this.held = text.length > TOO_LONG_TO_EDIT ? text : '';
    this.field.value = this.held ? '' : text;
    show(this.field, !this.held);
    show(this.long, Boolean(this.held));
    setText(this.long, this.held ? t('{name} is too long to be edited here. Edit the file, and choose it again.', { name: name || t('The table') }) : '');
    this.look();
  }

  choose() {
    this.chooser.value = '';
    this.chooser.click();
  }

  drop(event) {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    if (event.type === 'drop') this.take(event.dataTransfer.files[0]);
  }

  async take(file) {
    if (!file) return;
    const read = file.size > MOST_FILE_BYTES
      ? { error: t('{name} is larger than {most} MB. Split it.', { name: file.name, most: MOST_FILE_BYTES / 1e6 }) }
      : await tableText(file);
    if (read.error) this.fail(read.error);
    else this.fill(read.text, file.name);
  }

  async takeBuiltIn() {
    const answer = await question('builtin', {});
    if (answer?.text) this.fill(answer.text);
    else this.fail(answer?.error ?? SILENT);
  }

  lookSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PREVIEW_PAUSE_MS);
  }

  async look() {
    clearTimeout(this.timer);
    const turn = ++this.asked;
    if (!this.text.trim()) return this.draw(null);
    const answer = await question('preview', { text: this.text, cell: this.cell });
    if (turn !== this.asked || !this.dialog.isConnected) return;
    if (!answer || answer.error) this.fail(answer?.error ?? SILENT);
    else this.draw(answer);
  }

  fail(text) {
    this.asked++;
    this.draw(null);
    setText(this.error, text);
    show(this.error, true);
  }

  draw(found) {
    show(this.error, false);
    setUsable(this.done, Boolean(found));
    setText(this.state, found ? [found.count, ...found.notes].join(' · ') : '');
    this.found.replaceChildren(...(found ? [...takenFor(found.columns), previewTable(found)] : []));
  }

  // The dialog stays until Python has taken the list: what was pasted is not lost with a refusal.
  async finish() {
    if (!isUsable(this.done)) return;
    setUsable(this.done, false);
    const text = this.text;
    const answer = await question('preview', { text, cell: this.cell });
    if (!answer || answer.error) return this.fail(answer?.error ?? SILENT);
    this.dialog.close();
    change('list', this.cell ? { cell: this.cell, text } : { after: this.after ?? '', text }, 'command');
  }
}

function takenFor(columns) {
  if (!columns.length) return [];
  const pieces = columns.map(({ name, taken_for: what }) => h('span', { class: 'nb-chip', dir: 'auto' }, h('b', null, name), ` → ${what}`));
  return [h('div', { class: 'nb-taken' }, ...pieces)];
}

function previewTable({ heads, rows }) {
  const row = (cell, texts) => h('tr', null, ...texts.map((text) => h(cell, { dir: 'auto', ...(cell === 'th' ? { scope: 'col' } : {}) }, text)));
  return h('div', { class: 'nb-preview', tabindex: '0', role: 'region', 'aria-label': t('The first problems') },
    h('table', null, h('thead', null, row('th', heads)), h('tbody', null, ...rows.map((texts) => row('td', texts)))));
}

// A file's text, in the encodings that spreadsheets write; a spreadsheet itself is none.
async function tableText(file) {
  let bytes;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return { error: t('{name} cannot be read. Choose another file.', { name: file.name }) };
  }
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return { error: t('{name} is a spreadsheet or an archive. Save the table as CSV, and choose that.', { name: file.name }) };
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : '';
  try {
    return { text: new TextDecoder(wide || 'utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes) };
  }
}
