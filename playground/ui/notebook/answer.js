// An answer: finished blocks as HTML that the server made, then the open end as plain text.
// Knows no lane; it never turns text into HTML itself.

class Answer {
  constructor() {
    this.blocks = h('div', { class: 'nb-blocks' });
    this.open = document.createTextNode('');
    this.tail = h('div', { class: 'nb-tail', dir: 'auto', hidden: true }, this.open);
    this.node = h('div', { class: 'nb-answer', hidden: true }, this.blocks, this.tail);
    this.clear();
  }

  clear() {
    this.html = [];
    this.mark = -1;
    this.blocks.replaceChildren();
    this.setOpen('');
    show(this.node, false);
  }

  // False when finished blocks before `index` are missing.
  grow({ index, blocks, open }) {
    if (index > this.html.length) return false;
    for (let i = this.html.length - index; i < blocks.length; i++) this.put(index + i, blocks[i]);
    this.setOpen(open);
    this.showIfAny();
    return true;
  }

  // The whole answer; blocks that are right already stay as they are, so nothing flashes.
  settle(blocks) {
    blocks.forEach((html, index) => { if (this.html[index] !== html) this.put(index, html); });
    while (this.html.length > blocks.length) {
      this.html.pop();
      this.blocks.lastElementChild.remove();
    }
    this.setOpen('');
    this.showIfAny();
  }

  fill(blocks) {
    for (let i = this.html.length; i < blocks.length; i++) this.put(i, blocks[i]);
    this.showIfAny();
  }

  // The block in which a continued lane's own segment begins; -1 for none.
  markFrom(index) {
    this.mark = index;
    this.drawMark();
  }

  drawMark() {
    [...this.blocks.querySelectorAll(':scope > .nb-continued'), this.tail].forEach((node) => markBlock(node, false));
    const block = this.blocks.children[this.mark] ?? (this.mark === this.html.length ? this.tail : null);
    if (block) markBlock(block, true);
  }

  put(index, html) {
    const block = makeBlock(html);
    const old = this.blocks.children[index];
    if (old) old.replaceWith(block);
    else this.blocks.append(block);
    this.html[index] = html;
    if (index === this.mark) this.drawMark();
  }

  setOpen(text) {
    if (text.startsWith(this.open.data)) {
      if (text.length > this.open.length) this.open.appendData(text.slice(this.open.length));
    } else {
      this.open.data = text;
    }
    show(this.tail, text !== '');
  }

  get isEmpty() {
    return !this.html.length && !this.open.length;
  }

  showIfAny() {
    show(this.node, !this.isEmpty);
  }
}

function markBlock(block, marked) {
  if (block.classList.contains('nb-continued') === marked) return;
  block.classList.toggle('nb-continued', marked);
  block.title = marked ? t('Continued within this passage') : '';
}

function makeBlock(html) {
  const block = h('div', { class: 'nb-block', dir: 'auto' });
  block.innerHTML = html;
  dress(block);
  return block;
}

// Copy buttons on code (which runs from left to right), boxes that scroll around wide tables, links that leave the notebook open.
function dress(block) {
  for (const code of block.querySelectorAll('pre')) {
    const host = h('div', { class: 'nb-code', dir: 'ltr' });
    code.tabIndex = 0;
    code.replaceWith(host);
    host.append(code, copyButton(t('Copy the code'), () => code.textContent.replace(/\n$/, ''), 'nb-copy-code'));
  }
  for (const table of block.querySelectorAll('table')) {
    if (table.closest('.highlighttable')) continue;
    const host = h('div', { class: 'nb-wide', tabindex: '0', role: 'group', 'aria-label': t('Table') });
    table.replaceWith(host);
    host.append(table);
  }
  for (const code of block.querySelectorAll('code')) code.dir = 'ltr';
  for (const link of block.querySelectorAll('a[href]')) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
  }
}
