// A trace: a <details> with text that grows, in chunks so that growing stays cheap at any length.
// Knows no lane and no run; it is given offsets and text, and says when it lacks some.

const CHUNK = 2000;
const CHUNK_MOST = 4000;
const NEAR_BOTTOM = 24;
const FIRST_WORDS = 90;
const JUMP_ROOM = 4;
const JUMP_FRAMES = 6;

class Trace {
  // `load` is called when the visitor unfolds a trace whose text is not all here.
  constructor(load) {
    this.load = load;
    this.title = h('span', { class: 'nb-thought-title' });
    this.summary = h('summary', { onclick: () => { this.touched = true; } }, this.title);
    this.box = h('div', { class: 'nb-trace', tabindex: '0', role: 'group', 'aria-label': t('Thinking'), onscroll: () => this.scrolled() });
    this.details = h('details', { ontoggle: () => this.toggled() }, this.summary, this.box);
    this.copy = copyButton(t('Copy the thinking'), async () => { await this.load(); return this.text; }, 'nb-copy-trace');
    this.node = h('div', { class: 'nb-thought', hidden: true }, this.details, this.copy);
    this.clear();
  }

  clear() {
    this.text = '';
    this.drawn = 0;
    this.mark = -1; // the offset where a continued lane's own segment begins
    this.touched = false;
    this.stuck = true;
    this.top = 0;
    this.last = null;
    this.box.replaceChildren();
    this.details.open = false;
    show(this.node, false);
  }

  head(summary, live, mark = -1) {
    this.mark = mark;
    show(this.node, summary !== '');
    setText(this.title, summary);
    this.node.classList.toggle('nb-live', live);
  }

  openUnlessSet() {
    if (!this.touched && !this.details.open) this.details.open = true;
  }

  // Folded or unfolded by whoever reads it.
  set(open) {
    this.touched = true;
    this.details.open = open;
  }

  get isOpen() {
    return this.details.open && !this.node.hidden;
  }

  // False when text between what is here and `offset` is missing.
  append(offset, text) {
    const have = this.text.length;
    if (offset > have) return false;
    const piece = text.slice(have - offset);
    if (!piece) return true;
    const upToDate = this.drawn === have;
    this.text += piece;
    if (this.details.open) this.draw(upToDate ? piece : this.text.slice(this.drawn));
    return true;
  }

  replace(text) {
    if (text.startsWith(this.text)) {
      this.append(this.text.length, text.slice(this.text.length));
      return;
    }
    this.text = text;
    this.drawn = 0;
    this.last = null;
    this.top = 0;
    this.box.replaceChildren();
    if (this.details.open) this.draw(text);
  }

  toggled() {
    if (!this.details.open) return;
    this.top = this.box.scrollTop; // a folded box has forgotten where it was
    this.draw(this.text.slice(this.drawn));
    this.load();
  }

  draw(piece) {
    let at = this.text.length - piece.length;
    for (let rest = piece; rest;) {
      const room = this.last ? CHUNK - this.last.length : 0;
      if (!this.last || (room <= 0 && this.endsWell())) this.startChunk();
      if (at === this.mark) this.drawMark();
      const whole = this.cut(rest);
      const cut = at < this.mark ? Math.min(whole, this.mark - at) : whole;
      this.last.appendData(rest.slice(0, cut));
      rest = rest.slice(cut);
      at += cut;
    }
    this.drawn = this.text.length;
    // The event of a reader's scrolling may still be on its way.
    if (this.box.scrollTop < this.top - 2) this.stuck = false;
    if (!this.stuck) return;
    this.box.scrollTop = this.box.scrollHeight;
    this.top = this.box.scrollTop;
  }

  startChunk() {
    this.last = document.createTextNode('');
    this.box.append(h('div', { class: 'nb-chunk', dir: 'auto' }, this.last));
  }

  // Within the line: the text goes on behind the mark in a node of its own.
  drawMark() {
    const host = this.last.parentNode;
    this.last = document.createTextNode('');
    host.append(h('span', { class: 'nb-mark', role: 'img', 'data-words': t('continued'), title: t('Continued from here'), 'aria-label': t('Continued from here') }), this.last);
  }

  // A chunk is a block of its own, so it should end where a line does; or, late, anywhere but
  // within a surrogate pair.
  endsWell() {
    const text = this.last.data;
    if (text.endsWith('\n')) return true;
    return text.length >= CHUNK_MOST && !/[\ud800-\udbff]$/.test(text);
  }

  cut(rest) {
    const have = this.last.length;
    const line = rest.indexOf('\n', Math.max(0, CHUNK - have - 1));
    let cut = line < 0 ? rest.length : line + 1;
    cut = Math.min(cut, Math.max(1, CHUNK_MOST - have));
    return /[\ud800-\udbff]/.test(rest[cut - 1]) && cut < rest.length ? cut + 1 : cut;
  }

  // Scrolls the box so that the text at `offset` is at its top, and marks its first words.
  jump(offset) {
    const at = this.placeOf(offset);
    if (!at) return;
    this.stuck = false;
    const range = document.createRange();
    range.setStart(at.node, at.offset);
    const line = at.node.data.slice(at.offset, at.offset + FIRST_WORDS).split('\n', 1)[0];
    range.setEnd(at.node, at.offset + line.length);
    globalThis.CSS?.highlights?.set('nb-found', new Highlight(range));
    this.box.focus({ preventScroll: true });
    this.bring(range, JUMP_FRAMES);
  }

  // Chunks that come into sight have their true heights only then, and move what is below them.
  bring(range, frames) {
    const off = range.getBoundingClientRect().top - this.box.getBoundingClientRect().top - JUMP_ROOM;
    this.box.scrollTop += off;
    this.top = this.box.scrollTop;
    if (frames && range.startContainer.isConnected) requestAnimationFrame(() => this.bring(range, frames - 1));
  }

  placeOf(offset) {
    const walker = document.createTreeWalker(this.box, NodeFilter.SHOW_TEXT);
    for (let before = 0; walker.nextNode(); before += walker.currentNode.length) {
      if (offset < before + walker.currentNode.length) return { node: walker.currentNode, offset: offset - before };
    }
    return null;
  }

  // Only a reader who is at the bottom is taken along; one who moved up stays where they are.
  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    if (scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM) this.stuck = true;
    else if (scrollTop < this.top - 2) this.stuck = false;
    this.top = scrollTop;
  }
}
