// Nothing is lost in the browser: what Python has of the notebook, and what was typed since, is put
// into this browser's storage shortly after each change. Where the server keeps the notebook in a
// file, nothing is. Knows no cells; what is kept is Python's own and is given back as it came.

const KEEP_PAUSE_MS = 200;
const KEEP_TYPED_MS = 300;
const RUNS_AT_ONCE = 20;
const ALMOST_FULL = 0.8;
const LOOK_AT_QUOTA_MS = 30_000;

const keep = {
  how: '', // 'browser', 'file' or 'nowhere', once it is known
  ready: false, // what was kept before is back, or there was nothing
  store: null,
  tabs: null,
  snapshot: null, // Python's last one
  cells: new Set(), // ids of the cells that were there then
  typed: {}, // the typed texts that are kept, by cell id
  timer: 0,
  typedTimer: 0,
  busy: null,
  again: false,
  lookedAt: 0,
  failed: false, // the last attempt to keep it did not succeed
};

function keeps() {
  return Boolean(keep.ready && keep.store && keep.tabs.mine && !page.lost);
}

function keepSoon() {
  if (keeps()) keep.timer ||= setTimeout(keepNow, KEEP_PAUSE_MS);
}

async function keepNow() {
  clearTimeout(keep.timer);
  keep.timer = 0;
  if (keep.busy) keep.again = true;
  if (keep.busy || !keeps()) return keep.busy;
  keep.busy = keepWhole().catch(notKept);
  await keep.busy;
  keep.busy = null;
  if (keep.again) keepSoon();
  keep.again = false;
}

// Runs first: a notebook that is kept never names a run that is not.
async function keepWhole() {
  const ids = page.view.cells.map(({ id }) => id);
  const snapshot = await ask('snapshot', {}, true);
  if (!snapshot) return;
  const stored = new Set(await keep.store.keys('runs'));
  const missing = snapshot.runs.filter((run) => !stored.has(run));
  for (let at = 0; at < missing.length; at += RUNS_AT_ONCE) {
    const reply = await ask('runs', { runs: missing.slice(at, at + RUNS_AT_ONCE) }, true);
    if (!reply) return;
    await keep.store.write('runs', reply.runs);
  }
  keep.snapshot = snapshot;
  keep.cells = new Set(ids);
  await keepRecord();
  const named = new Set(snapshot.runs);
  const old = [...stored].filter((run) => !named.has(run));
  if (old.length) await keep.store.write('runs', Object.fromEntries(old.map((run) => [run, undefined])));
  await dropDraft(named);
  await lookAtQuota();
}

// The notebook without its runs, and what was typed since Python was told last.
async function keepRecord() {
  if (!keep.snapshot) return;
  const { structure, models, revision } = keep.snapshot;
  for (const [id, text] of page.confirmed) if (text.revision <= revision) page.confirmed.delete(id);
  const typed = typedSince();
  await keep.store.write('records', { notebook: { structure, models, typed } });
  keep.typed = typed;
  keep.failed = false;
  drawKept();
}

// A text that Python took after its last snapshot is nowhere but here until the next one.
function typedSince() {
  const confirmed = [...page.confirmed].map(([id, { text }]) => [id, text]);
  return Object.fromEntries([...confirmed, ...page.typed]);
}

function keepTypedSoon() {
  if (!keeps()) return;
  keep.typedTimer ||= setTimeout(() => {
    keep.typedTimer = 0;
    if (keeps()) keepRecord().catch(notKept);
  }, KEEP_TYPED_MS);
  if (!keep.snapshot) keepSoon();
}

// Something was typed that would be gone if the page were left now.
function isUnkept() {
  if (keeps()) return Object.entries(typedSince()).some(([id, text]) => keep.typed[id] !== text);
  if (keep.how === 'file' && page.view.file) return page.typed.size > 0;
  return page.worked;
}

async function lookAtQuota() {
  if (Date.now() - keep.lookedAt < LOOK_AT_QUOTA_MS) return;
  keep.lookedAt = Date.now();
  if ((await storageUsed()) > ALMOST_FULL) sayFull();
  else showLine('storage', '');
}

function notKept(error) {
  console.warn('notebook: not kept', error);
  keep.failed = true;
  drawKept();
  if (error?.name === 'QuotaExceededError') sayFull();
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
  if (keep.how === 'file') setText(keptWords, file ? t('Kept in {name}', { name: file }) : t('Not kept'));
  else if (keeps() && !keep.failed) setText(keptWords, keep.snapshot ? t('Kept in this browser') : '');
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
