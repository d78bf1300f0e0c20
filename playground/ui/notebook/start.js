// Joins the parts to Gradio: views come in by `watch`, ticks by an event of the hidden component.
// The last file of the notebook's script.

function receiveView(view) {
  const before = page.view;
  if (!accept(view)) return;
  if (!before) mountPage();
  drawCells(page.view);
  drawPage(page.view, before);
  placeFocus(page.view);
}

element.addEventListener('keydown', onKey);
document.addEventListener('notebook-tick', (event) => receiveTick(event.detail), { signal: life });
window.addEventListener('beforeunload', askBeforeLeaving, { signal: life });
const silence = setInterval(askWhenSilent, 1000);
life.addEventListener('abort', () => clearInterval(silence));
watch('value', () => receiveView(props.value));
receiveView(props.value);
