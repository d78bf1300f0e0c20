// The notebook's head: its title, the toolbar and the menu. Knows no lanes; it reports wishes and
// shows what the view says.

const MAC = navigator.platform.startsWith('Mac');

const title = h('input', { class: 'nb-title', type: 'text', autocomplete: 'off', spellcheck: 'false', dir: 'auto',
  'aria-label': t('Title of the notebook'), placeholder: t('Untitled notebook'),
  onchange: () => change('retitle', { title: title.value }), onkeydown: (event) => titleKey(event) });
const keptWords = h('span', { class: 'nb-kept', role: 'status' });

const toolbar = {
  runAll: textButton('run', t('Run all'), () => runAll(), 'nb-primary'),
  runStale: textButton(null, t('Run stale'), () => runStale(), 'nb-wide-only'),
  stop: textButton('stop', t('Stop all'), () => stopAll(), 'nb-short'),
  progress: h('span', { class: 'nb-progress' }),
  undo: iconButton('undo', t('Undo'), () => takeBack('undo')),
  redo: iconButton('redo', t('Redo'), () => takeBack('redo'), 'nb-wide-only'),
  traces: iconButton('traces', t('Fold or unfold all traces'), () => toggleAllTraces(), 'nb-wide-only'),
  search: iconButton('search', t('Search (/)'), () => toggleSearch()),
  file: h('button', { type: 'button', class: 'nb-button nb-short nb-file', onclick: () => toggleMenu(toolbar.file, fileMenu) }, h('span', null, t('File')), icon('chevron'), icon('more')),
};
opensMenu(toolbar.file, fileMenu);

function makeHead() {
  const { runAll: all, runStale: stale, stop: end, progress, undo, redo, traces: folds, search, file } = toolbar;
  return [
    h('h2', { class: 'nb-offscreen' }, t('Notebook')),
    h('div', { class: 'nb-head' }, title, keptWords, blindWords),
    h('div', { class: 'nb-top' },
      h('div', { class: 'nb-toolbar', role: 'group', 'aria-label': t('Notebook') }, all, stale, end, blindSwitch, progress,
        h('span', { class: 'nb-space' }), undo, redo, folds, search, file),
      searchBox.node, lines, notice.node),
  ];
}

function drawHead(view) {
  if (document.activeElement !== title && title.value !== view.name) title.value = view.name;
  drawStep(toolbar.undo, 'undo', t('Undo'), view.undo);
  drawStep(toolbar.redo, 'redo', t('Redo'), view.redo);
  if (!isRunning()) setText(toolbar.progress, '');
  drawBlindSwitch(view);
  drawToolbarState();
}

function drawStep(button, name, word, label) {
  setUsable(button, label !== '');
  relabel(button, name, label ? `${word}: ${label}` : word);
}

function drawToolbarState() {
  const view = page.view;
  setUsable(toolbar.stop, isRunning());
  setUsable(toolbar.runAll, view.cells.some((cell) => cell.kind === 'prompt' && !isBusy(cell)));
  setUsable(toolbar.runStale, staleIds().length > 0);
}

function titleKey(event) {
  if (event.isComposing || !['Enter', 'Escape'].includes(event.key)) return;
  event.preventDefault();
  if (event.key === 'Escape') title.value = page.view.name;
  leaveTo(currentCell());
}

function takeBack(step) {
  if (isUsable(toolbar[step])) change(step, {}, element.querySelector('.nb-cell:focus-within') ? 'command' : 'look');
}

function promptIds() {
  return page.view.cells.filter(({ kind }) => kind === 'prompt').map(({ id }) => id);
}

function staleIds() {
  return promptIds().filter((id) => cells.get(id)?.isStale);
}

function runAll() {
  const ids = promptIds();
  const written = ids.filter((id) => cells.get(id).prompt.text.trim());
  for (const cell of cells.values()) cell.finish?.();
  if (isUsable(toolbar.runAll)) runThese(written.length ? written : ids.slice(0, 1));
}

function runStale() {
  runThese(staleIds());
}

function runThese(ids) {
  for (const { id } of run(ids)) drawRunState(id);
}

// All of it at once: what waits must not start when what runs has stopped.
function stopAll() {
  if (isRunning()) stop('');
}

function toggleAllTraces() {
  const lanes = [...cells.values()].flatMap((cell) => Object.values(cell.results?.lanes ?? {}));
  const open = !lanes.some((lane) => lane.trace.isOpen);
  page.traces = open ? 'open' : 'closed';
  for (const lane of lanes) lane.trace.set(open);
  say(open ? t('Traces unfolded') : t('Traces folded'));
}

function fileMenu() {
  const phone = narrow.matches ? [
    { label: t('Run stale'), off: !staleIds().length, run: runStale },
    { label: page.view.blind.on ? t('Blind: switch it off') : t('Blind: switch it on'), run: switchBlind },
    { label: t('Redo'), icon: 'redo', off: !page.view.redo, run: () => takeBack('redo') },
    { label: t('Fold or unfold all traces'), run: toggleAllTraces },
    null,
  ] : [];
  return [
    ...phone,
    { label: t('New'), icon: 'plus', run: () => replaceNotebook('new') },
    { label: t('Add a list of problems…'), icon: 'list', run: () => openListDialog() },
    { label: t('Open…'), icon: 'open', run: () => chooseFile() },
    { label: t('Save (.ipynb)'), icon: 'save', keys: MAC ? '⌘S' : 'Ctrl S', run: () => saveAs('ipynb') },
    ...(page.view.back ? [{ label: t('Back to the notebook before'), icon: 'undo', run: () => replaceNotebook('back') }] : []),
    null,
    { label: t('Export as Markdown'), run: () => saveAs('markdown') },
    { label: t('Export as HTML'), run: () => saveAs('html') },
    { label: t('Export as CSV'), run: () => saveAs('csv') },
    { label: t('Export as JSONL'), run: () => saveAs('jsonl') },
    null,
    { label: t('Keyboard help'), keys: '?', run: openHelp },
  ];
}
