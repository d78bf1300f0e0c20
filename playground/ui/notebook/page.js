// What stands around the cells: toolbar, notice, examples, the undo line, the tab's title.
// Knows no lanes; it reports wishes and shows what the view says.

const UNDO_SHOWN_MS = 10_000;

const toolbar = {
  runAll: textButton('run', 'Run all', () => runAll(), 'nb-primary'),
  stop: textButton('stop', 'Stop', () => stopAll()),
  undo: textButton('undo', 'Undo', () => change('undo')),
  hint: h('span', { class: 'nb-hint' }, h('kbd', null, `${navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl'} Enter`), ' runs', h('kbd', null, 'Shift Enter'), ' runs and goes on', h('kbd', null, 'Esc'), ' stops'),
};

const notice = {
  text: h('span', { role: 'status' }),
  node: h('div', { class: 'nb-notice', hidden: true }),
  dismissed: '',
};
notice.node.append(notice.text, iconButton('close', 'Dismiss', () => dismissNotice()));

const undoLine = { text: h('span', { role: 'status' }), node: h('div', { class: 'nb-toast', hidden: true }), timer: 0 };
undoLine.node.append(undoLine.text, textButton('undo', 'Undo', () => change('undo'), 'nb-small'), iconButton('close', 'Dismiss', () => show(undoLine.node, false)));

const spoken = h('div', { class: 'nb-offscreen', 'aria-live': 'polite' });
const add = textButton('plus', 'Prompt', () => change('add'), 'nb-add');
const examples = h('div', { class: 'nb-examples', role: 'group', 'aria-label': 'Example prompts' });

function mountPage() {
  element.querySelector('.notebook').replaceChildren(
    h('div', { class: 'nb-top' },
      h('div', { class: 'nb-toolbar', role: 'toolbar', 'aria-label': 'Notebook' }, toolbar.runAll, toolbar.stop, toolbar.undo, toolbar.hint),
      notice.node),
    list, h('div', { class: 'nb-end' }, add), undoLine.node, spoken);
}

function drawPage(view, before) {
  const running = isRunning();
  toolbar.stop.disabled = !running;
  toolbar.runAll.disabled = !view.cells.some((cell) => !isBusy(cell));
  show(toolbar.undo, view.undo !== '');
  toolbar.undo.title = view.undo;
  if (view.notice !== notice.dismissed) notice.dismissed = '';
  showNotice(view.notice && !notice.dismissed ? view.notice : '');
  drawUndo(view, before);
  drawExamples();
  drawTitle();
}

function showNotice(text) {
  setText(notice.text, text);
  show(notice.node, text !== '');
}

function dismissNotice() {
  notice.dismissed = page.view.notice;
  show(notice.node, false);
  change('clear_notice');
}

function drawUndo(view, before) {
  if (!view.undo) {
    show(undoLine.node, false);
  } else if (page.deleted && view.revision !== before?.revision) {
    page.deleted = false;
    setText(undoLine.text, view.undo);
    show(undoLine.node, true);
    clearTimeout(undoLine.timer);
    undoLine.timer = setTimeout(() => show(undoLine.node, false), UNDO_SHOWN_MS);
  }
}

// Examples stand in the first cell as long as it is empty and nothing has run.
function drawExamples() {
  const view = page.view;
  const first = view?.cells[0];
  const fresh = Boolean(first) && view.cells.every((cell) => !cell.run && !cell.runs && !isBusy(cell));
  const wanted = fresh && !promptOf(first) && view.examples.length > 0;
  show(examples, wanted);
  if (!wanted) return;
  const host = cells.get(first.id);
  const json = JSON.stringify([first.id, view.examples]);
  if (examples.dataset.made === json) return;
  examples.dataset.made = json;
  const choices = view.examples.map((text) => h('button', { type: 'button', class: 'nb-example', onclick: () => host.prompt.fill(text) }, text));
  examples.replaceChildren(h('span', { class: 'nb-try' }, 'Try'), ...choices);
  host.examples.append(examples);
}

function drawTitle() {
  const title = (isRunning() && page.liveTitle) || page.view?.title;
  if (title && document.title !== title) document.title = title;
}

function say(text) {
  if (text) setText(spoken, text);
}

function runAll() {
  const ids = page.view.cells.map((cell) => cell.id);
  const written = ids.filter((id) => cells.get(id).prompt.text.trim());
  for (const { id } of run(written.length ? written : ids.slice(0, 1))) drawRunState(id);
}

function stopAll() {
  stop(''); // all of it at once: what waits must not start when what runs has stopped
}

// Moves the focus only where an intent of this visitor asked for it.
function placeFocus(view) {
  if (!page.wantsFocus || !view.focus) return;
  const cell = cells.get(view.focus);
  if (!cell) return;
  page.wantsFocus = false;
  cell.prompt.field.focus({ preventScroll: true });
  cell.node.scrollIntoView({ block: 'nearest' });
}

function askBeforeLeaving(event) {
  if (page.worked || isRunning()) event.preventDefault();
}
