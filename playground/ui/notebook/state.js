// What the page knows: the last view, text typed since, runs asked for; and the way up to Python.
// Knows nothing of DOM; Python owns the document, this side only reports what was wished.

const EDIT_PAUSE_MS = 1000;
const LEFT_PAUSE_MS = 300;
const RUN_SAFETY_MS = 6000;
const SETTLE_MS = 3000;
const FOCUS_MS = 3000;
const LOST = t('The server no longer has this notebook. Copy what you need, then reload the page.');
const SILENT = t('The server does not answer. What is here stays; run again when it is back.');

const page = {
  view: null,
  typed: new Map(), // cell id → text that no view has confirmed yet
  confirmed: new Map(), // cell id → {text, revision}: what Python took, until it is kept
  sent: new Map(), // cell id → text that went up last
  asked: new Map(), // cell id → {run, timer}: runs wished that no view shows yet
  focus: null, // {mode, revision, until}: an intent of this visitor may move the focus
  deleted: false,
  worked: false, // something here would be missed if the page were left
  silent: false, // the last question had no answer: nothing runs that this page could lose
  lost: false, // the server has forgotten this notebook: what is here stays, nothing runs
  liveTitle: '',
  compared: '', // 'only' or 'both' while answers are compared word by word
  traces: '', // 'open' or 'closed' once all traces were unfolded or folded
  editTimer: 0,
  recovering: false, // a new session is asked for, into which goes what the browser kept
  opening: false, // another notebook was asked for: with it comes all of the page
  refused: '', // why Python did not take what was kept
  settled: [], // called once nothing typed is unconfirmed
};

const life = (() => {
  window.notebookLife?.abort(); // a component that is mounted again must not listen twice
  window.notebookLife = new AbortController();
  return window.notebookLife.signal;
})();

// A question to Python that needs no queue. An answer that did not come is null; one that Python
// refuses has `error`, and `ask` shows it, or hands it to `refused`, unless nobody asked for it
// (`quiet`).
async function question(name, data) {
  try {
    const answer = await server[name]({ session: page.view.session, ...data });
    page.silent = false;
    return answer ?? null;
  } catch (error) {
    console.warn(`notebook: ${name} failed`, error);
    page.silent = true;
    return null;
  }
}

async function ask(name, data = {}, quiet = false, refused = showNotice) {
  const { session } = page.view;
  const answer = await question(name, data);
  if (!answer?.error) return answer;
  if (session !== page.view.session) return null;
  if (answer.gone && hasWork()) forgotten();
  else if (quiet) console.warn(`notebook: ${name} was refused`, answer.error);
  else refused(answer.error);
  return null;
}

function dirty() {
  for (const [id, text] of page.typed) page.sent.set(id, text);
  clearTimeout(page.editTimer);
  page.editTimer = 0;
  return Object.fromEntries(page.typed);
}

// The cell that an intent is about is to take the focus: its text ('edit', and 'next' where it is a
// prompt), the cell as a whole ('command'), or it is only brought into sight ('look').
function wishFocus(mode) {
  page.focus = { mode, revision: page.view.revision, until: Date.now() + FOCUS_MS };
}

function change(action, details = {}, focus = '') {
  if (!page.view) return;
  if (focus) wishFocus(focus);
  if (action === 'delete') page.deleted = true;
  if (!['clear_notice', 'show', 'fold'].includes(action)) page.worked = true;
  trigger('intent', { action, ...details, dirty: dirty() });
  // What was typed is in the document before it is taken back: from here on the view is right.
  if (['undo', 'redo'].includes(action)) page.typed.clear();
  if (action === 'advise') page.typed.delete(details.cell);
}

function typedInto(id, text) {
  page.typed.set(id, text);
  if (text.trim()) page.worked = true;
  // A file has only what Python knows: it is told every second, also of one who types without pause.
  if (keep.how === 'file' && page.editTimer) return;
  clearTimeout(page.editTimer);
  page.editTimer = setTimeout(sendEdits, EDIT_PAUSE_MS);
  keepTypedSoon();
}

// The field was left, perhaps for a button: its intent takes the text along, and must be the last.
function sendEditsSoon() {
  clearTimeout(page.editTimer);
  page.editTimer = setTimeout(sendEdits, LEFT_PAUSE_MS);
}

function sendEdits() {
  clearTimeout(page.editTimer);
  page.editTimer = 0;
  const news = [...page.typed].some(([id, text]) => page.sent.get(id) !== text);
  if (news) change('edit');
}

// Resolves when Python knows all that was typed, or does not answer.
function settled() {
  sendEdits();
  if (!page.typed.size) return Promise.resolve();
  return new Promise((resolve) => {
    page.settled.push(resolve);
    setTimeout(resolve, SETTLE_MS);
  });
}

function cellView(id) {
  return page.view?.cells.find((cell) => cell.id === id) ?? null;
}

function textOf(cell) {
  return page.typed.get(cell.id) ?? cell.text;
}

function isBusy(cell) {
  return cell.state !== 'idle' || page.asked.has(cell.id);
}

// Nothing was written or run, now or before.
function isFresh(view) {
  return view.cells.every(({ kind, text, runs, attachments }) => kind === 'prompt' && !text && !runs && !attachments.length);
}

function hasWork() {
  return page.worked || !isFresh(page.view);
}

function isRunning() {
  return Boolean(page.view?.cells.some((cell) => cell.state !== 'idle'));
}

// One run for any number of presses: a cell that is busy or asked for is not asked for again.
function run(ids, details = {}) {
  if (page.lost) showNotice(LOST);
  if (page.lost) return [];
  const wished = ids.map(cellView).filter((cell) => cell?.kind === 'prompt' && !isBusy(cell));
  if (!wished.length) return [];
  for (const cell of wished) {
    const timer = setTimeout(() => { releaseRun(cell.id); showNotice(SILENT); }, RUN_SAFETY_MS);
    page.asked.set(cell.id, { run: cell.run?.run ?? '', runs: cell.runs, revision: page.view.revision, timer });
  }
  page.worked = true;
  if (details.advance) wishFocus('next');
  trigger('run', { cells: wished.map((cell) => cell.id), action: 'run', ...details, dirty: dirty() });
  return wished;
}

function forgetAsked(id) {
  clearTimeout(page.asked.get(id)?.timer);
  page.asked.delete(id);
}

function releaseRun(id) {
  forgetAsked(id);
  drawRunState(id);
}

// The view is asked for after it: when the connection broke, no tick tells that the run has ended.
async function stop(id, lane = null) {
  await ask('stop', { cell: id, lane });
  receiveView(await ask('view'));
}

// Takes a new view; false if it is older than what is shown.
function accept(view) {
  const last = page.view;
  if (last && last.session === view.session && view.revision < last.revision) return false;
  page.view = view;
  const ids = new Set();
  for (const cell of view.cells) {
    cell.state ??= 'idle'; // notes and other programs' cells never run
    ids.add(cell.id);
    if (page.typed.get(cell.id) === cell.text) {
      page.typed.delete(cell.id);
      page.confirmed.set(cell.id, { text: cell.text, revision: view.revision });
    }
    const asked = page.asked.get(cell.id);
    const refused = asked && view.notice && view.revision > asked.revision;
    const begun = asked && (cell.state !== 'idle' || (cell.run?.run ?? '') !== asked.run || cell.runs !== asked.runs);
    // Begun, it is drawn with this view: the one before would take away what ticks have brought.
    if (begun) forgetAsked(cell.id);
    else if (refused) releaseRun(cell.id);
  }
  for (const id of page.typed.keys()) if (!ids.has(id)) page.typed.delete(id);
  for (const id of page.asked.keys()) if (!ids.has(id)) releaseRun(id);
  if (!page.typed.size) page.settled.splice(0).forEach((resolve) => resolve());
  return true;
}
