// Nothing is lost in the browser: what Python has of the notebook, and what was typed or added
// since, is put into this browser's storage at once after each change. Where the server keeps the
// notebook in a file, nothing is. What is kept is Python's own and is given back as it came.

const KEEP_TYPED_MS = 100;
const RUNS_AT_ONCE = 20;
const TEXTS_AT_ONCE = 4;
const LOOK_FOR_ROOM_MS = 30_000;

const keep = {
  how: '', // 'browser', 'file' or 'nowhere', once it is known
  ready: false, // what was kept before is back, or there was nothing
  store: null,
  tabs: null,
  snapshot: null, // Python's last one that is kept
  typed: {}, // the typed texts that are kept, by cell id
  writing: {}, // those that are on their way into the storage
  typedTimer: 0,
  busy: null,
  again: false,
  lookedAt: 0,
  failed: new Set(), // of 'whole', 'typed' and 'draft', what could not be kept at the last attempt
};

function keeps() {
  return Boolean(keep.ready && keep.store && keep.tabs.mine && !page.lost);
}

// What the page itself knows first: Python has to be asked for the rest.
function keepChange() {
  keepTyped();
  keepNow();
}

async function keepNow() {
  if (keep.busy) keep.again = true;
  if (keep.busy || !keeps()) return keep.busy;
  keep.busy = keepWhole().catch((error) => notKept(error, 'whole'));
  await keep.busy;
  keep.busy = null;
  if (keep.again) keepNow();
  keep.again = false;
}

// Runs and texts first: a notebook that is kept never names one that is not.
async function keepWhole() {
  const snapshot = await ask('snapshot', {}, true);
  if (!snapshot) return;
  const oldTexts = await keepMissing('texts', snapshot.texts, TEXTS_AT_ONCE);
  const oldRuns = await keepMissing('runs', snapshot.runs, RUNS_AT_ONCE);
  if (!oldTexts || !oldRuns) return;
  const { structure, before, models } = snapshot;
  await keep.store.write('records', { notebook: { structure, before, models }, typed: typedRecord(snapshot) });
  keep.snapshot = snapshot;
  keep.failed.clear();
  wroteTyped();
  await keep.store.write('runs', oldRuns);
  await dropDraft(new Set(snapshot.runs));
  if (!draft.kept) await keep.store.write('texts', oldTexts); // a draft may still need one
  await lookForRoom();
}

// What this store lacks of these is asked for. Returns what it has beside them, to be taken out;
// null where there was no answer.
async function keepMissing(store, names, atOnce) {
  const stored = new Set(await keep.store.keys(store));
  const missing = names.filter((name) => !stored.has(name));
  for (let at = 0; at < missing.length; at += atOnce) {
    const reply = await ask(store, { [store]: missing.slice(at, at + atOnce) }, true);
    if (!reply) return null;
    await keep.store.write(store, reply[store]);
  }
  const named = new Set(names);
  return Object.fromEntries([...stored].filter((name) => !named.has(name)).map((name) => [name, undefined]));
}

// What was typed or added since the last snapshot, in one small record.
function keepTyped() {
  clearTimeout(keep.typedTimer);
  keep.typedTimer = 0;
  if (!keeps() || !keep.snapshot) return;
  keep.store.write('records', { typed: typedRecord(keep.snapshot) }).then(wroteTyped, (error) => notKept(error, 'typed'));
}

// What is not in this snapshot.
function typedRecord({ structure, revision }) {
  const known = new Set(structure.cells.map(({ id }) => id));
  keep.writing = typedSince(revision);
  return { texts: keep.writing, added: addedSince(known) };
}

function wroteTyped() {
  keep.typed = keep.writing;
  keep.failed.delete('typed');
  const { revision } = keep.snapshot;
  for (const [id, text] of page.confirmed) if (text.revision <= revision) page.confirmed.delete(id);
  drawKept();
}

// A text that Python took after its last snapshot is nowhere but here until the next one.
function typedSince(known = -1) {
  const confirmed = [...page.confirmed].filter(([, { revision }]) => revision > known).map(([id, { text }]) => [id, text]);
  return Object.fromEntries([...confirmed, ...page.typed]);
}

// Cells that are on the page and not among these.
function addedSince(known) {
  return page.view.cells
    .map(({ id, kind, text }, index, all) => ({ id, kind, text, after: all[index - 1]?.id ?? '' }))
    .filter(({ id }) => !known.has(id));
}

function keepTypedSoon() {
  if (!keeps()) return;
  if (keep.snapshot) keep.typedTimer ||= setTimeout(keepTyped, KEEP_TYPED_MS);
  else keepNow();
}

// Something was typed that would be gone if the page were left now.
function isUnkept() {
  if (keeps()) return Object.entries(typedSince()).some(([id, text]) => keep.typed[id] !== text);
  if (keep.how === 'file' && page.view.file) return page.typed.size > 0;
  return page.worked;
}

// Some room is held back, so that a storage that is full is known while it still takes something.
async function lookForRoom() {
  if (Date.now() - keep.lookedAt < LOOK_FOR_ROOM_MS) return;
  keep.lookedAt = Date.now();
  try {
    await keep.store.holdBack();
    showLine('storage', '');
  } catch {
    sayFull();
  }
}

async function notKept(error, what) {
  console.warn('notebook: not kept', error);
  const full = error?.name === 'QuotaExceededError';
  if (full) keep.lookedAt = Date.now();
  if (full && await keep.store.giveRoom().catch(() => false)) {
    sayFull();
    keepChange();
    return;
  }
  keep.failed.add(what);
  drawKept();
  if (full) sayFull();
  else sayKeepsNothing();
}

function sayFull() {
  showLine('storage', t("The browser's storage is almost full. Save the notebook as a file."), saveButton());
}

function sayKeepsNothing() {
  showLine('storage', t('This browser keeps nothing: save the notebook as a file.'), saveButton());
}

function saveButton() {
  return textButton('save', t('Save'), () => saveAs('ipynb'), 'nb-small');
}

function drawKept() {
  const file = page.view?.file;
  if (keep.how === 'file') setText(keptWords, file && page.view.saved ? t('Kept in {name}', { name: file }) : t('Not kept'));
  else if (keeps() && !keep.failed.size) setText(keptWords, keep.snapshot ? t('Kept in this browser') : '');
  else setText(keptWords, keep.how ? t('Not kept') : '');
}

// Only one tab keeps the notebook; in the others a line says so.
async function claimNotebook() {
  keep.tabs = new Tabs(STORAGE_NAME, sayElsewhere);
  if (!(await keep.tabs.claim())) sayElsewhere();
}

function sayElsewhere() {
  drawKept();
  showLine('tabs', t('This notebook is open in another tab. What you change here is not kept.'),
    textButton(null, t('Keep it here instead'), () => keepHere(), 'nb-small'));
}

function keepHere() {
  keep.tabs.take();
  showLine('tabs', '');
  leaveTo(currentCell());
  keepNow();
}
