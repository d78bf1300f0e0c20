// Search: a field under the toolbar and the places that hold what is typed; choosing one goes there.
// Python searches, also in runs and traces that are not drawn. Knows cells by their ids.

const SEARCH_PAUSE_MS = 250;

const searchBox = (() => {
  const field = h('input', {
    type: 'search', class: 'nb-input', role: 'combobox', autocomplete: 'off', spellcheck: 'false', dir: 'auto',
    'aria-label': t('Search the notebook'), 'aria-controls': 'nb-hits', 'aria-expanded': 'false', 'aria-autocomplete': 'list',
    placeholder: t('Search prompts, files, notes, answers and traces…'),
    oninput: () => searchSoon(), onkeydown: (event) => onSearchKey(event),
  });
  const words = h('span', { class: 'nb-quiet', role: 'status' });
  const hits = h('div', { class: 'nb-hits', id: 'nb-hits', role: 'listbox', 'aria-label': t('Places found'), hidden: true });
  const close = iconButton('close', t('Close the search'), () => closeSearch());
  return {
    field, words, hits, found: [], at: -1, timer: 0, asked: 0, from: null,
    node: h('search', { class: 'nb-search', hidden: true }, h('div', { class: 'nb-search-row' }, field, words, close), hits),
  };
})();

function toggleSearch() {
  if (searchBox.node.hidden) openSearch();
  else closeSearch();
}

function openSearch() {
  if (searchBox.node.hidden) searchBox.from = document.activeElement;
  show(searchBox.node, true);
  toolbar.search.setAttribute('aria-expanded', 'true');
  searchBox.field.focus({ preventScroll: true });
  searchBox.field.select();
}

function closeSearch(back = true) {
  show(searchBox.node, false);
  toolbar.search.setAttribute('aria-expanded', 'false');
  if (!back) return;
  if (searchBox.from?.isConnected && searchBox.from !== document.body) searchBox.from.focus({ preventScroll: true });
  else leaveTo(currentCell());
}

function searchSoon() {
  clearTimeout(searchBox.timer);
  searchBox.timer = setTimeout(search, SEARCH_PAUSE_MS);
}

async function search() {
  const query = searchBox.field.value;
  const turn = ++searchBox.asked;
  await settled();
  const answer = query.trim() ? await ask('search', { query }) : { hits: [], more: false };
  if (turn === searchBox.asked && answer) drawHits(answer, query.trim() !== '');
}

function drawHits({ hits, more }, asked) {
  searchBox.found = hits;
  const count = hits.length;
  const words = count === 1 ? t('1 place') : more ? t('more than {count} places', { count }) : t('{count} places', { count });
  setText(searchBox.words, !asked ? '' : count ? words : t('Nothing found'));
  searchBox.hits.replaceChildren(...hits.map(makeHit));
  show(searchBox.hits, count > 0);
  searchBox.field.setAttribute('aria-expanded', String(count > 0));
  choose(count ? 0 : -1);
}

function makeHit(hit, index) {
  const lane = hit.lane ? page.view.lanes[hit.lane] : '';
  return h('div', { role: 'option', id: `nb-hit-${index}`, class: 'nb-hit', onclick: () => goTo(hit) },
    h('span', { class: 'nb-hit-place' }, [hit.where, lane, hit.place].filter(Boolean).join(' · ')),
    h('span', { class: 'nb-hit-text', dir: 'auto' }, hit.before, h('mark', null, hit.match), hit.after));
}

function choose(at) {
  searchBox.hits.children[searchBox.at]?.removeAttribute('aria-selected');
  searchBox.at = at;
  const node = searchBox.hits.children[at];
  node?.setAttribute('aria-selected', 'true');
  node?.scrollIntoView({ block: 'nearest' });
  if (node) searchBox.field.setAttribute('aria-activedescendant', node.id);
  else searchBox.field.removeAttribute('aria-activedescendant');
}

function onSearchKey(event) {
  if (event.isComposing) return;
  const { found, at } = searchBox;
  if (event.key === 'ArrowDown') choose(Math.min(at + 1, found.length - 1));
  else if (event.key === 'ArrowUp') choose(Math.max(at - 1, found.length ? 0 : -1));
  else if (event.key === 'Enter' && found[at]) goTo(found[at]);
  else if (event.key === 'Escape') closeSearch();
  else return;
  event.preventDefault();
}

async function goTo(hit) {
  const cell = cells.get(hit.cell);
  if (!cell) return;
  closeSearch(false);
  cell.focus('command', false);
  cell.node.scrollIntoView({ block: 'start' });
  if (cell.view.folded) change('fold', { cell: hit.cell, folded: false });
  markFound(cell, hit.match);
  if (!hit.run) return;
  if (cell.view.list) return openRunOfList(cell.list, hit.run, hit.part === 'thinking' ? hit.lane : '');
  if (hit.part === 'thinking') cell.results.unfold(hit.run, hit.lane);
  if (hit.run !== cell.view.run?.run) {
    const shown = await placeOfRun(hit);
    if (shown >= 0) change('show', { cell: hit.cell, shown });
  }
}

// Which of the cell's runs it is: the page knows the id of the shown one only.
async function placeOfRun({ cell, run }) {
  const snapshot = await ask('snapshot');
  return snapshot?.structure.cells.find(({ id }) => id === cell)?.runs?.indexOf(run) ?? -1;
}
