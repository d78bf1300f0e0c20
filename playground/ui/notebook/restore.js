// How the page begins, and how it goes on when the server has forgotten the notebook: what this
// browser kept goes back to Python. Knows nothing of what is in it.

const RECOVER_MS = 15_000;
const LINKED = ['prompt', 'temperature', 'top_p', 'top_k', 'min_p', 'presence_penalty', 'repetition_penalty', 'max_new_tokens', 'seed', 'stop', 'thinking_budget'];

// The first view: an empty notebook, in whose place comes what was kept before.
async function begin(view) {
  accept(view);
  if (view.file) {
    keep.how = 'file';
  } else {
    keep.store = await openStorage();
    keep.how = keep.store ? 'browser' : 'nowhere';
    if (keep.store) await bringBack();
    else sayKeepsNothing();
  }
  drawAll(null);
  followLink();
  if (keep.store) await claimNotebook();
  keep.ready = keep.how === 'browser';
  keepChange();
  drawKept();
}

async function bringBack() {
  try {
    const record = await keep.store.read('records', 'notebook');
    if (record && isFresh(page.view)) await restore(record);
  } catch (error) {
    keep.failed.add('whole');
    console.warn('notebook: not brought back', error);
    sayKeepsNothing();
    keep.store = null;
    keep.how = 'nowhere';
  }
}

// False when Python refuses; what it refused stays in the storage under another name. `before` is
// the view that the page shows, if it does: texts in it are newer than kept ones.
async function restore(record, before = null) {
  const { structure, models, before: earlier } = record;
  const [runs, texts, kept, since] = await Promise.all([keep.store.all('runs'), keep.store.all('texts'), keep.store.read('records', 'draft'), keep.store.read('records', 'typed')]);
  const { texts: typed, added } = since ?? { texts: {}, added: [] };
  const data = { structure, models, before: earlier ?? null, added, runs, texts, draft: kept ?? null };
  const answer = await question('restore', data);
  if (!answer) throw new Error('no answer');
  if (answer.error) {
    await keep.store.write('records', { refused: { ...data, typed } });
    page.refused = answer.error;
    return false;
  }
  draft.kept = kept?.run ?? '';
  const view = await question('view', {});
  if (!view || view.error) throw new Error('no view');
  typeAgain(view, typed, before);
  accept(view);
  trigger('opened', {});
  return true;
}

// What had been typed and not yet sent.
function typeAgain(view, typed, before) {
  page.sent.clear();
  page.confirmed.clear();
  const shown = new Map(before?.cells.map(({ id, text }) => [id, text]));
  for (const { id, text } of view.cells) {
    const again = page.typed.get(id) ?? shown.get(id) ?? typed[id] ?? text;
    if (again !== text) typedInto(id, again);
  }
}

// The server was restarted, or has dropped this notebook: Python is asked for a new one, which
// comes as a view of another session.
function forgotten() {
  if (page.lost || page.recovering) return;
  if (!keeps() && !page.view.file) {
    lose();
    return;
  }
  page.recovering = true;
  setTimeout(() => { if (page.recovering) lose(); }, RECOVER_MS);
  trigger('opened', {});
}

async function anotherSession(view) {
  const before = page.view;
  if (!hasWork()) {
    accept(view);
    drawAll(before);
  } else if (!page.lost && keeps() && isFresh(view) && isCovered()) {
    await recover(view, before);
  } else if (!page.lost && before.file && before.file === view.file) {
    goOn(view, before);
  } else {
    lose();
  }
}

// All results that are on the page are kept: nothing of it goes when they come back. Of a run that
// has only begun there may be no draft yet.
function isCovered() {
  const runs = new Set([...(keep.snapshot?.runs ?? []), draft.kept]);
  return keep.snapshot && page.view.cells.every(({ id, run: shown }) => {
    const live = cells.get(id)?.results?.live;
    return (!shown || runs.has(shown.run)) && (!live || runs.has(live) || !keep.failed.size);
  });
}

// The server has read its file again: what was typed since is typed again.
function goOn(view, before) {
  page.recovering = false;
  for (const id of [...page.asked.keys()]) releaseRun(id);
  typeAgain(view, {});
  accept(view);
  drawAll(before);
  showToast(t('The server was restarted. Your notebook is back.'));
}

async function recover(view, before) {
  page.recovering = true;
  keep.ready = false;
  stage = 'restoring';
  page.view = view;
  try {
    const record = await keep.store.read('records', 'notebook');
    if (!record || !(await restore(record, before))) throw new Error(page.refused || 'nothing kept');
  } catch (error) {
    console.warn('notebook: not recovered', error);
    page.view = before;
    stage = 'shown';
    lose();
    return;
  }
  page.recovering = false;
  for (const id of [...page.asked.keys()]) releaseRun(id);
  drawAll(before);
  keep.ready = true;
  keepChange();
  showToast(t('The server was restarted. Your notebook is back.'));
}

// Nothing is replaced that someone wrote or ran.
function lose() {
  showNotice(LOST);
  page.recovering = false;
  if (page.lost) return;
  page.lost = true;
  for (const view of page.view.cells) view.state = 'idle';
  for (const [id, cell] of cells) {
    releaseRun(id);
    cell.results?.cutOff();
  }
  drawToolbarState();
  drawKept();
  drawTitle();
}

// A link to a cell: Python reads what stands after the #, or a prompt in the address itself. Either
// is taken out of the address, so that a reload does not ask again.
function followLink() {
  const { hash, pathname, search: asked } = window.location;
  const query = new URLSearchParams(asked);
  const rest = hash.startsWith('#cell=') ? '' : hash;
  if (!rest && hash) change('link', { fragment: hash.slice(1) }, 'command');
  if (query.has('prompt')) change('link', { query: asked }, 'command');
  if (rest === hash && !query.has('prompt')) return;
  for (const name of LINKED) query.delete(name);
  const left = query.size ? `?${query}` : '';
  window.history.replaceState(window.history.state, '', `${pathname}${left}${rest}`);
}
