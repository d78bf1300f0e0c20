// Joins the parts to Gradio: views come in by `watch`, ticks by an event of the hidden component.
// The last file of the notebook's script.

const NEWS_MS = 2000;

let stage = 'empty'; // then 'restoring' while what was kept comes back, then 'shown'
let mounted = false;

function receiveView(view) {
  if (!view || !Array.isArray(view.cells)) return;
  if (stage === 'empty') {
    stage = 'restoring';
    begin(view);
  } else if (stage === 'restoring') {
    if (view.session === page.view.session) accept(view);
  } else if (view.session !== page.view.session) {
    anotherSession(view);
  } else {
    const before = page.view;
    if (accept(view)) drawAll(before);
  }
}

function drawAll(before) {
  const view = page.view;
  if (!mounted) mountPage();
  mounted = true;
  stage = 'shown';
  drawCells(view);
  drawPage(view, before);
  placeFocus(view);
  if (page.refused) showNotice(page.refused);
  page.refused = '';
  if (view.revision === before?.revision) return;
  keepChange();
  weighAgain(view.revision);
  drawKept();
  if (!page.opening) return;
  page.opening = false;
  trigger('opened', {});
}

function askBeforeLeaving(event) {
  if (page.view && ((isRunning() && !page.silent) || isUnkept())) event.preventDefault();
}

// What befalls a notebook's file (a full disk, another program's edit) comes with no event.
async function askOfFile() {
  if (!page.view?.file || document.hidden || page.lost || isRunning()) return;
  const news = await ask('news', {}, true);
  if (news && news.revision > page.view.revision) refresh(news.revision);
}

element.querySelector('.nb-wait').textContent = t('Opening the notebook…');
document.addEventListener('keydown', onKey, { signal: life });
document.addEventListener('notebook-tick', (event) => receiveTick(event.detail), { signal: life });
window.addEventListener('beforeunload', askBeforeLeaving, { signal: life });
window.addEventListener('hashchange', () => { if (stage === 'shown') followLink(); }, { signal: life });
document.addEventListener('visibilitychange', () => { if (document.hidden) keepTyped(); }, { signal: life });
window.addEventListener('pagehide', keepTyped, { signal: life });
const clocks = [setInterval(askWhenSilent, 1000), setInterval(askOfFile, NEWS_MS), setInterval(() => keepDraft(), DRAFT_MS)];
life.addEventListener('abort', () => clocks.forEach(clearInterval));
watch('value', () => receiveView(props.value));
receiveView(props.value);
