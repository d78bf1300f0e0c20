// Small helpers that build DOM. Text always goes in as text nodes.
// Knows nothing of notebooks, cells or lanes.

function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

// The pictures are masks in icons.css: each <svg> on a page costs time at every animation frame.
function icon(name) {
  return h('span', { class: `nb-glyph nb-${name}-glyph`, 'aria-hidden': 'true' });
}

// A button that shows only an icon; its label is spoken and shown as a tip.
function iconButton(name, label, onclick, extra = '') {
  return h('button', { type: 'button', class: `nb-icon ${extra}`, 'aria-label': label, title: label, onclick }, icon(name));
}

function textButton(name, label, onclick, extra = '') {
  const words = h('span', null, label);
  return h('button', { type: 'button', class: `nb-button ${extra}`, onclick }, name ? icon(name) : null, words);
}

function relabel(button, name, label) {
  if (button.title === label) return;
  button.title = label;
  button.setAttribute('aria-label', label);
  setClass(button.firstChild, icon(name).className);
}

// Writes only what differs, and into the text node there is: a new node makes the browser match
// the whole page against Gradio's :has() rules again, a new text does not.
function setText(node, text) {
  const only = node.firstChild;
  if (only?.nodeType === Node.TEXT_NODE && only === node.lastChild) {
    if (only.data !== text) only.data = text;
  } else if (node.textContent !== text) {
    node.textContent = text;
  }
}

function show(node, visible) {
  if (node.hidden === visible) node.hidden = !visible;
}

function setClass(node, name) {
  if (node.className !== name) node.className = name;
}

function setLabel(node, label) {
  if (node.getAttribute('aria-label') !== label) node.setAttribute('aria-label', label);
}

// A button that cannot be used now but keeps the focus: a disabled one would lose it.
function setUsable(button, usable) {
  if (usable) button.removeAttribute('aria-disabled');
  else button.setAttribute('aria-disabled', 'true');
}

function isUsable(button) {
  return !button.disabled && button.getAttribute('aria-disabled') !== 'true';
}

// Someone types here: keys belong to the text.
function isField(node) {
  return Boolean(node.closest?.('textarea, select, [contenteditable=""], [contenteditable="true"], input:not([type="checkbox"], [type="radio"], [type="button"])'));
}

// Brings `nodes` into this order inside `parent`, moving others around `still`: a node that is
// moved in the DOM loses focus and caret.
function arrange(parent, nodes, still) {
  const at = Math.max(0, nodes.indexOf(still));
  const anchor = nodes[at];
  if (!anchor) return;
  if (anchor.parentNode !== parent) parent.append(anchor);
  for (let i = at - 1, next = anchor; i >= 0; next = nodes[i], i--) {
    if (nodes[i].nextElementSibling !== next) parent.insertBefore(nodes[i], next);
  }
  for (let i = at + 1, before = anchor; i < nodes.length; before = nodes[i], i++) {
    if (before.nextElementSibling !== nodes[i]) before.after(nodes[i]);
  }
}
