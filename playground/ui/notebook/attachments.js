// The files beside a prompt: attached, listed, looked into, removed. Python reads them and keeps their
// text; the page has names and sizes. Knows nothing of runs.

const MOST_FILE_BYTES = 20_000_000;
const BLOCK_LENGTH = 20_000; // of a long text that is looked at: the browser lays out what is seen

class Attachments {
  constructor(cell) {
    this.cell = cell;
    this.json = '';
    this.tokens = {}; // attachment id → its tokens in words, once they are counted
    this.chips = new Map(); // attachment id → its chip, kept: the focus may come back to it
    this.reading = new Set(); // chips of files that are on their way
    this.chooser = h('input', { type: 'file', multiple: true, hidden: true, tabindex: '-1', 'aria-hidden': 'true', onchange: () => this.take([...this.chooser.files]) });
    this.list = h('ul', { class: 'nb-attached', hidden: true, 'aria-label': t('Attached files') });
    this.button = iconButton('attach', t('Attach documents'), () => this.choose());
  }

  get ids() {
    return (this.cell.view?.attachments ?? []).map(({ id }) => id);
  }

  choose() {
    this.chooser.value = '';
    this.chooser.click();
  }

  // One after the other, in the order that was chosen. What is refused is told at the end: each file
  // that is attached brings a view, which takes a notice away.
  async take(files) {
    if (page.lost) return showNotice(LOST);
    await settled();
    const refusals = new Set();
    for (const file of files) await this.attach(file, (why) => refusals.add(why));
    if (refusals.size) showNotice([...refusals].join('\n'));
  }

  async attach(file, refused) {
    if (file.size > MOST_FILE_BYTES) {
      refused(t('{name} is larger than {most} MB. Attach a part of it.', { name: file.name, most: MOST_FILE_BYTES / 1e6 }));
      return;
    }
    const chip = this.beginReading(file.name);
    const data = await base64Of(file);
    const answer = data === null ? null : await ask('attach', { cell: this.cell.id, name: file.name, data }, false, refused);
    this.reading.delete(chip);
    chip.remove();
    if (data === null) refused(t('{name} cannot be read. Choose another file.', { name: file.name }));
    if (!answer) return this.draw(true);
    page.worked = true;
    receiveView(await ask('view', {}));
    say(t('{name} is attached.', { name: answer.name }));
  }

  beginReading(name) {
    const chip = h('li', { class: 'nb-chip nb-attachment nb-reading' }, icon('attach'), h('span', { class: 'nb-attachment-name', dir: 'auto' }, name), h('span', null, t('reading…')));
    this.reading.add(chip);
    this.list.append(chip);
    show(this.list, true);
    say(t('{name} is being read.', { name }));
    return chip;
  }

  update({ attachments }) {
    this.draw(false, attachments);
  }

  draw(always, attachments = this.cell.view.attachments) {
    const json = JSON.stringify([attachments, this.tokens]);
    if (json === this.json && !always) return;
    this.json = json;
    this.chips = new Map(attachments.map((each) => [each.id, this.chip(each)]));
    const shown = [...this.chips.values(), ...this.reading];
    if (shown.length === this.list.children.length && shown.every((chip, at) => chip === this.list.children[at])) return;
    const focused = this.list.contains(document.activeElement);
    this.list.replaceChildren(...shown);
    show(this.list, shown.length > 0);
    if (focused) (this.list.querySelector('button') ?? this.cell.prompt.field).focus({ preventScroll: true });
  }

  chip(attachment) {
    const { id, size } = attachment;
    const chip = this.chips.get(id) ?? this.newChip(attachment);
    setText(chip.querySelector('.nb-attachment-size'), id in this.tokens ? t('{count} tokens', { count: this.tokens[id] }) : size);
    return chip;
  }

  newChip({ id, name }) {
    const remove = iconButton('close', t('Remove {name}', { name }), () => change('detach', { cell: this.cell.id, attachment: id }), 'nb-detach');
    return h('li', { class: 'nb-chip nb-attachment' },
      h('button', { type: 'button', class: 'nb-look', title: t('Look inside'), 'aria-haspopup': 'dialog', onclick: () => this.look(id) },
        icon('attach'), h('span', { class: 'nb-attachment-name', dir: 'auto' }, name), h('span', { class: 'nb-attachment-size' })),
      remove);
  }

  // What Python has counted.
  count(tokens) {
    this.tokens = tokens;
    this.draw(false);
  }

  async look(attachment) {
    const answer = await ask('attached', { cell: this.cell.id, attachment });
    if (!answer) return;
    const { name, text } = answer;
    openDialog(name, h('section', { class: 'nb-section' },
      h('div', { class: 'nb-section-head' }, h('h3', null, t('The text that the models read')), copyButton(t('Copy {name}', { name }), () => text)),
      h('pre', { class: 'nb-document', tabindex: '0', dir: 'auto', 'aria-label': name }, ...blocksOf(text))));
  }
}

// Null where the file cannot be read: it was moved, or is a folder.
function base64Of(file) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.onerror = () => resolve(null);
    reader.readAsDataURL(file);
  });
}

// The text cut at the ends of lines; a line that is itself too long is cut where it must be.
function blocksOf(text) {
  const blocks = [];
  for (let at = 0; at < text.length;) {
    const line = text.lastIndexOf('\n', at + BLOCK_LENGTH) + 1;
    const end = at + BLOCK_LENGTH >= text.length ? text.length : line > at ? line : at + BLOCK_LENGTH;
    blocks.push(h('span', null, text.slice(at, end)));
    at = end;
  }
  return blocks;
}

// The prompt that takes files which were dropped or pasted here: the one at this place, else the
// one that was used last.
function promptFor(node) {
  const prompts = [...cells.values()].filter((cell) => cell.attachments);
  const here = [cellOf(node), currentCell()].find((cell) => cell?.attachments);
  return here ?? prompts.at(-1) ?? null;
}

// A notebook is opened, everything else is attached.
function takeFiles(files, node) {
  const notebook = files.find(({ name }) => name.toLowerCase().endsWith('.ipynb'));
  if (notebook) return openFile(notebook);
  const cell = promptFor(node);
  if (!cell) return showNotice(t('There is no prompt to attach files to. Add one first.'));
  if (cell.view.folded) cell.fold(false);
  return cell.attachments.take(files);
}

// Text that comes with a file, as from a spreadsheet, is what was meant.
function pasteFiles(event) {
  const { files, types } = event.clipboardData;
  if (!files.length || types.includes('text/plain')) return;
  event.preventDefault();
  takeFiles([...files], event.target);
}
