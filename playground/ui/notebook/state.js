// What the page knows: the last view, text typed since, runs asked for; and the way up to Python.
// Knows nothing of DOM; Python owns the document, this side only reports what was wished.

const EDIT_PAUSE_MS = 1000;
const RUN_SAFETY_MS = 6000;
const LOST = 'The server no longer has this notebook. Copy what you need, then reload the page.';
const SILENT = 'The server does not answer. What is here stays; run again when it is back.';

const page = {
  view: null,
  typed: new Map(), // cell id → text that no view has confirmed yet
  sent: new Map(), // cell id → text that went up last
  asked: new Map(), // cell id → {run, timer}: runs wished that no view shows yet
  wantsFocus: false, // an intent of this visitor may move the focus, an update alone never
  deleted: false,
  worked: false, // something here would be missed if the page were left
  lost: false, // the server has forgotten this notebook: what is here stays, nothing runs
  liveTitle: '',
  editTimer: 0,
};

const life = (() => {
  window.notebookLife?.abort(); // a component that is mounted again must not listen twice
  window.notebookLife = new AbortController();
  return window.notebookLife.signal;
})();

// A question to Python that needs no queue. An answer that did not come is null.
async function ask(name, question) {
  try {
    const answer = await server[name]({ session: page.view.session, ...question });
    if (!answer?.error) return answer ?? null;
    if (answer.gone && page.worked) lose();
    else showNotice(answer.error);
    return null;
  } catch (error) {
    console.warn(`notebook: ${name} failed`, error);
    return null;
  }
}

// Nothing is replaced that someone wrote or ran.
function lose() {
  showNotice(LOST);
  if (page.lost) return;
  page.lost = true;
  for (const view of page.view.cells) view.state = 'idle';
  for (const [id, cell] of cells) {
    releaseRun(id);
    cell.results.cutOff();
  }
  toolbar.stop.disabled = true;
  drawTitle();
}

function dirty() {
  for (const [id, text] of page.typed) page.sent.set(id, text);
  clearTimeout(page.editTimer);
  return Object.fromEntries(page.typed);
}

function change(action, details = {}) {
  if (!page.view) return;
  if (['add', 'duplicate', 'undo', 'delete'].includes(action)) page.wantsFocus = true;
  if (action === 'delete') page.deleted = true;
  trigger('intent', { action, ...details, dirty: dirty() });
}

function typedInto(id, text) {
  page.typed.set(id, text);
  if (text.trim()) page.worked = true;
  clearTimeout(page.editTimer);
  page.editTimer = setTimeout(sendEdits, EDIT_PAUSE_MS);
}

function sendEdits() {
  clearTimeout(page.editTimer);
  const news = [...page.typed].some(([id, text]) => page.sent.get(id) !== text);
  if (news) change('edit');
}

function cellView(id) {
  return page.view?.cells.find((cell) => cell.id === id) ?? null;
}

function promptOf(cell) {
  return page.typed.get(cell.id) ?? cell.prompt;
}

function isBusy(cell) {
  return cell.state !== 'idle' || page.asked.has(cell.id);
}

function isRunning() {
  return Boolean(page.view?.cells.some((cell) => cell.state !== 'idle'));
}

// One run for any number of presses: a cell that is busy or asked for is not asked for again.
function run(ids, details = {}) {
  if (page.lost) showNotice(LOST);
  if (page.lost) return [];
  const wished = ids.map(cellView).filter((cell) => cell && !isBusy(cell));
  if (!wished.length) return [];
  for (const cell of wished) {
    const timer = setTimeout(() => { releaseRun(cell.id); showNotice(SILENT); }, RUN_SAFETY_MS);
    page.asked.set(cell.id, { run: cell.run?.run ?? '', revision: page.view.revision, timer });
  }
  page.worked = true;
  page.wantsFocus ||= Boolean(details.advance);
  trigger('run', { cells: wished.map((cell) => cell.id), action: 'run', ...details, dirty: dirty() });
  return wished;
}

function releaseRun(id) {
  clearTimeout(page.asked.get(id)?.timer);
  page.asked.delete(id);
  drawRunState(id);
}

// The view is asked for after it: when the connection broke, no tick tells that the run has ended.
async function stop(id, lane = null) {
  await ask('stop', { cell: id, lane });
  receiveView(await ask('view', {}));
}

// Takes a new view; false if it is older than what is shown.
function accept(view) {
  if (!view || !Array.isArray(view.cells)) return false;
  const last = page.view;
  if (last && last.session === view.session && view.revision < last.revision) return false;
  if (last && last.session !== view.session && page.worked) {
    lose();
    return false;
  }
  page.view = view;
  const ids = new Set();
  for (const cell of view.cells) {
    ids.add(cell.id);
    if (page.typed.get(cell.id) === cell.prompt) page.typed.delete(cell.id);
    const asked = page.asked.get(cell.id);
    const refused = asked && view.notice && view.revision > asked.revision;
    const seen = asked && (cell.state !== 'idle' || (cell.run?.run ?? '') !== asked.run || refused);
    if (seen) releaseRun(cell.id);
  }
  for (const id of page.typed.keys()) if (!ids.has(id)) page.typed.delete(id);
  for (const id of page.asked.keys()) if (!ids.has(id)) releaseRun(id);
  return true;
}
