// Live ticks: each goes to the one cell it is about, and to the tab's title.
// Knows nothing of the other cells, so a tick costs the same however many there are.

function receiveTick(tick) {
  if (!tick?.cell || !page.view) return;
  page.liveTitle = tick.title;
  drawTitle();
  say(tick.spoken);
  cells.get(tick.cell)?.results.tick(tick);
}
