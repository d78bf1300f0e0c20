// Tells results and notes that their cell has come near the screen. Knows nothing of what they do
// then.
// Looks after a scroll or a change of size: an IntersectionObserver looks at each of its cells at
// every animation frame, and Gradio asks for sixty of these a second.

const NEAR_PX = 800;
const LOOK_PAUSE_MS = 60;

const far = new Set(); // what waits: it has a `cell` with a node, and `appear`
let lookTimer = 0;

function whenNear(results) {
  far.add(results);
  lookSoon();
}

function lookSoon() {
  lookTimer ||= setTimeout(look, LOOK_PAUSE_MS);
}

function look() {
  lookTimer = 0;
  const come = [...far].filter(({ cell }) => {
    const { top, bottom } = cell.node.getBoundingClientRect();
    return cell.node.isConnected && bottom > -NEAR_PX && top < window.innerHeight + NEAR_PX;
  });
  for (const results of come) {
    far.delete(results);
    results.appear();
  }
}

new ResizeObserver(lookSoon).observe(list);
document.addEventListener('scroll', ({ target }) => { if (target.contains(list)) lookSoon(); }, { capture: true, passive: true, signal: life });
