// The verdict below the notebook: asked for from a cell, and weighed again, while it is open, when
// the document has changed. What it says comes from Python and is none of this component's.

const WEIGH_MS = 2500;
const TELL_MS = 1000;

const weighing = { timer: undefined, revision: undefined };

function showVerdict(cell = '') {
  trigger('verdict', { cell });
}

function verdictIsOpen() {
  return Boolean(document.querySelector('#verdict > .label-wrap.open'));
}

// Runs of a list end in quick succession: no more often than now and then.
function weighAgain(revision) {
  if (revision === weighing.revision) return;
  weighing.revision = revision;
  if (weighing.timer !== undefined || !verdictIsOpen()) return;
  weighing.timer = setTimeout(() => {
    weighing.timer = undefined;
    if (verdictIsOpen()) trigger('weigh', {});
  }, WEIGH_MS);
}

// Gradio's accordions do not tell screen readers whether they are open.
function tellOpen() {
  for (const button of document.querySelectorAll('#verdict .label-wrap')) {
    button.setAttribute('aria-expanded', String(button.classList.contains('open')));
  }
}

document.addEventListener('click', ({ target }) => { if (target.closest?.('#verdict .label-wrap')) requestAnimationFrame(tellOpen); }, { signal: life });
// It comes and goes with what there is to say, in an update of its own.
const telling = setInterval(tellOpen, TELL_MS);
life.addEventListener('abort', () => {
  clearTimeout(weighing.timer);
  clearInterval(telling);
});
