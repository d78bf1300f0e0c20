// The keyboard: Ctrl or Cmd with Enter runs, Shift+Enter runs and goes on, Esc stops.
// Knows nothing of how a cell runs.

function onKey(event) {
  if (event.isComposing || event.defaultPrevented) return;
  const cell = cells.get(event.target.closest?.('.nb-cell')?.dataset.cell);
  if (!cell) return;
  const typing = event.target === cell.prompt.field;
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    cell.run();
  } else if (event.key === 'Enter' && event.shiftKey && typing) {
    event.preventDefault();
    cell.run({ advance: true });
  } else if (event.key === 'Escape' && cell.view.state !== 'idle') {
    event.preventDefault();
    cell.stop();
  }
}
