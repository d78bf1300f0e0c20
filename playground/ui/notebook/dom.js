// Small helpers that build DOM. Text always goes in as text nodes.
// Knows nothing of notebooks, cells or lanes.

'use strict';

const SVG = 'http://www.w3.org/2000/svg';

// Paths on a 16 × 16 grid; "fill" ones are solid, the others drawn as lines.
const ICONS = {
  run: { fill: 'M4.6 2.7v10.6a.7.7 0 0 0 1.07.6l8.2-5.3a.7.7 0 0 0 0-1.2l-8.2-5.3a.7.7 0 0 0-1.07.6z' },
  stop: { fill: 'M4.6 3.4h6.8c.66 0 1.2.54 1.2 1.2v6.8c0 .66-.54 1.2-1.2 1.2H4.6c-.66 0-1.2-.54-1.2-1.2V4.6c0-.66.54-1.2 1.2-1.2z' },
  copy: { line: 'M6 5.5h6.5a.5.5 0 0 1 .5.5v7a.5.5 0 0 1-.5.5H6a.5.5 0 0 1-.5-.5V6a.5.5 0 0 1 .5-.5zM3 10.5V3.2c0-.4.3-.7.7-.7H10' },
  done: { line: 'M3.2 8.6l3.1 3.1 6.5-7' },
  duplicate: { line: 'M2.5 4.2c0-.7.5-1.2 1.2-1.2h8.6c.7 0 1.2.5 1.2 1.2v1.6c0 .7-.5 1.2-1.2 1.2H3.7c-.7 0-1.2-.5-1.2-1.2zM8 9v5M5.5 11.5h5' },
  up: { line: 'M8 13V3.4M4 7.2l4-4 4 4' },
  down: { line: 'M8 3v9.6M4 8.8l4 4 4-4' },
  remove: { line: 'M3 4.3h10M6.3 4V2.8h3.4V4M4.4 4.5l.5 8.7h6.2l.5-8.7M6.8 7v4M9.2 7v4' },
  left: { line: 'M9.8 3.5L5.3 8l4.5 4.5' },
  right: { line: 'M6.2 3.5L10.7 8l-4.5 4.5' },
  plus: { line: 'M8 3v10M3 8h10' },
  close: { line: 'M4 4l8 8M12 4l-8 8' },
  undo: { line: 'M3.2 6.2h6.3a3.5 3.5 0 0 1 0 7H6M5.8 3.2l-3 3 3 3' },
};

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

function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'nb-svg');
  const path = document.createElementNS(SVG, 'path');
  const shape = ICONS[name];
  path.setAttribute('d', shape.fill ?? shape.line);
  path.setAttribute('class', shape.fill ? 'nb-solid' : 'nb-line');
  svg.append(path);
  return svg;
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
  button.replaceChildren(icon(name));
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
