// What holds the page together: what stands where, examples, the tab's title, where the focus goes.
// Knows no lanes; it shows what the view says.

const addPrompt = textButton('plus', t('Prompt'), () => change('add', { kind: 'prompt' }, 'edit'), 'nb-add');
const addNote = textButton('plus', t('Note'), () => change('add', { kind: 'note' }, 'edit'), 'nb-add');
const addList = textButton('list', t('List…'), () => openListDialog(), 'nb-add');
addList.title = t('Add a list of problems, run one after the other');
const keyHint = h('span', { class: 'nb-hint' }, ...[[`${MAC ? '⌘' : 'Ctrl'} Enter`, t('runs')], ['Shift Enter', t('runs and goes on')], ['Esc', t('stops')], ['?', t('all keys')]].flatMap(([key, words]) => [h('kbd', null, key), ` ${words}`]));
const examples = h('div', { class: 'nb-examples', role: 'group', 'aria-label': t('Example prompts') });

function mountPage() {
  const root = element.querySelector('.notebook');
  root.lang = language;
  root.replaceChildren(...makeHead(), list, h('div', { class: 'nb-end' }, addPrompt, addNote, addList, keyHint), tally, toast.node, spoken, fileField, menu.node);
}

function drawPage(view, before) {
  drawHead(view);
  drawNotice(view);
  drawDeleted(view, before);
  drawTally(view);
  drawExamples();
  drawTitle();
}

function drawDeleted(view, before) {
  if (!page.deleted || view.revision === before?.revision) return;
  page.deleted = false;
  if (view.undo) showToast(t('Cell deleted.'), textButton('undo', t('Undo'), () => takeBackDeleted(), 'nb-small'));
}

function takeBackDeleted() {
  change('undo', {}, 'command');
  show(toast.node, false);
}

// Examples stand in the first cell as long as it is empty and nothing has run.
function drawExamples() {
  const view = page.view;
  const first = view?.cells[0];
  const fresh = first?.kind === 'prompt' && view.cells.every((cell) => !cell.run && !cell.runs && !cell.attachments?.length && !isBusy(cell));
  const wanted = fresh && !textOf(first) && view.examples.length > 0;
  show(examples, wanted);
  if (!wanted) return;
  const host = cells.get(first.id);
  const json = JSON.stringify([first.id, view.examples]);
  if (examples.dataset.made === json) return;
  examples.dataset.made = json;
  const choices = view.examples.map((text) => h('button', { type: 'button', class: 'nb-example', dir: 'auto', onclick: () => host.prompt.fill(text) }, text));
  examples.replaceChildren(h('span', { class: 'nb-try' }, t('Try')), ...choices);
  host.results.node.before(examples);
}

function drawTitle() {
  const name = page.view?.name ? `${page.view.name} – ${page.view.title}` : page.view?.title;
  const wanted = (isRunning() && page.liveTitle) || name;
  if (wanted && document.title !== wanted) document.title = wanted;
}

// Moves the focus only where an intent of this visitor asked for it, and nothing else was chosen
// since. Intents that follow each other quickly each have their view.
function placeFocus(view) {
  const wish = page.focus;
  const cell = cells.get(view.focus);
  if (!wish || !cell || Date.now() > wish.until || view.revision <= wish.revision) return;
  wish.revision = view.revision;
  wish.placed = true;
  if (wish.mode === 'look') cell.node.scrollIntoView({ block: 'nearest' });
  else cell.focus(wish.mode);
}
