// Live ticks: each goes to the one cell it is about, and to the tab's title.
// Knows nothing of the other cells, so a tick costs the same however many there are.

let refreshing = false;

function receiveTick(tick) {
  if (!tick || !page.view) return;
  if (tick.revision > page.view.revision) refresh();
  if (!tick.cell) return;
  page.liveTitle = tick.title;
  drawTitle();
  say(tick.spoken);
  cells.get(tick.cell)?.results.tick(tick);
}

// A tick tells that the document has changed. Its view comes by a question: a notebook that is an
// output of the streaming event would be copied whole by Gradio at every tick.
async function refresh() {
  if (refreshing) return;
  refreshing = true;
  const view = await ask('view', {});
  refreshing = false;
  if (view) receiveView(view);
}
