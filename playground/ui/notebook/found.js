// Marks in a cell the words that a search found there, until the next search. Knows no search.

const LOOK_AGAIN_MS = [0, 300, 1000]; // a far cell is drawn, and its results come, in a while

const found = { words: '', timers: [] };

function markFound(cell, words) {
  found.timers.forEach(clearTimeout);
  globalThis.CSS?.highlights?.delete('nb-found');
  found.words = words;
  let seen = false;
  found.timers = LOOK_AGAIN_MS.map((pause) => setTimeout(() => {
    const ranges = rangesOf(cell.node, words.toLowerCase());
    if (!ranges.length || !globalThis.CSS?.highlights) return;
    CSS.highlights.set('nb-found', new Highlight(...ranges));
    if (!seen) ranges[0].startContainer.parentElement.scrollIntoView({ block: 'center' });
    seen = true;
  }, pause));
}

function rangesOf(node, words) {
  const ranges = [];
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT, (text) => (
    text.parentElement.closest('.nb-answer, .nb-trace, .nb-note') ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT));
  while (words && walker.nextNode()) {
    const text = walker.currentNode.data.toLowerCase();
    if (text.length !== walker.currentNode.length) continue; // a letter that is two in lower case
    for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) {
      const range = document.createRange();
      range.setStart(walker.currentNode, at);
      range.setEnd(walker.currentNode, at + words.length);
      ranges.push(range);
    }
  }
  return ranges;
}
