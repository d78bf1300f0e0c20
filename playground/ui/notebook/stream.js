// Live ticks: each goes to the one cell it is about, and to the tab's title.
// Knows nothing of the other cells, so a tick costs the same however many there are.

const SILENCE_MS = 3000;

let heardAt = 0;
let refreshing = false;
let newest = 0; // the revision that the last ticks told of

function receiveTick(tick) {
  if (!tick || !page.view) return;
  heardAt = Date.now();
  if (tick.revision > page.view.revision) refresh(tick.revision);
  if (!tick.cell) return;
  page.liveTitle = tick.title;
  setText(toolbar.progress, tick.progress);
  drawTitle();
  const cell = cells.get(tick.cell);
  if (!cell?.view.list) say(tick.spoken); // each of hundreds would be too much
  cell?.results?.tick(tick);
  cell?.list?.tick(tick);
  draftIsDue(tick.run, tick.spoken);
}

// A tick tells that the document has changed. Its view comes by a question: a notebook that is an
// output of the streaming event would be copied whole by Gradio at every tick.
async function refresh(revision) {
  newest = revision;
  if (refreshing) return;
  refreshing = true;
  // What changed while a view was on its way is asked for again: no later tick may tell of it.
  let seen = -1;
  let view = page.view;
  while (view && view.revision < newest && view.revision !== seen) {
    seen = view.revision;
    view = await ask('view');
    receiveView(view);
  }
  refreshing = false;
}

// A connection that broke in mid-run brings no tick any more: then the view is asked for.
function askWhenSilent() {
  if (document.visibilityState !== 'visible' || !isRunning()) return;
  if (Date.now() - heardAt < SILENCE_MS) return;
  heardAt = Date.now();
  refresh(page.view.revision + 1);
}
