// Menus: a button that opens a list of actions, by pointer or keyboard; one at a time.
// Knows nothing of what the actions do.

const MENU_GAP = 4;
const MENU_EDGE = 8;

const menu = {
  node: h('div', { class: 'nb-menu', role: 'menu', hidden: true, onkeydown: (event) => onMenuKey(event), onfocusout: (event) => leaveMenu(event) }),
  button: null,
};

// `items` is called when the menu opens: {label, run, icon, keys, off} each, null for a line.
function menuButton(name, label, items, extra = '') {
  const button = iconButton(name, label, () => toggleMenu(button, items), extra);
  return opensMenu(button, items);
}

function opensMenu(button, items) {
  button.setAttribute('aria-haspopup', 'menu');
  button.setAttribute('aria-expanded', 'false');
  button.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    openMenu(button, items(), event.key === 'ArrowUp');
  });
  return button;
}

function toggleMenu(button, items) {
  if (menu.button === button) closeMenu();
  else openMenu(button, items());
}

function openMenu(button, items, last = false) {
  closeMenu();
  menu.button = button;
  button.setAttribute('aria-expanded', 'true');
  setLabel(menu.node, button.getAttribute('aria-label') ?? button.textContent);
  menu.node.replaceChildren(...items.map(makeItem));
  show(menu.node, true);
  placeMenu(button.getBoundingClientRect());
  const choices = menuItems();
  choices.at(last ? -1 : 0)?.focus({ preventScroll: true });
}

function makeItem(item) {
  if (!item) return h('div', { class: 'nb-menu-line', role: 'separator' });
  const choose = () => {
    if (item.off) return;
    closeMenu(true);
    item.run();
  };
  return h('button', { type: 'button', role: 'menuitem', tabindex: '-1', class: 'nb-menu-item', 'aria-disabled': item.off ? 'true' : null, onclick: choose },
    item.icon ? icon(item.icon) : h('span', { class: 'nb-glyph-space' }),
    h('span', { class: 'nb-menu-label' }, item.label),
    item.keys ? h('kbd', { 'aria-hidden': 'true' }, item.keys) : null);
}

function menuItems() {
  return [...menu.node.querySelectorAll('[role="menuitem"]')];
}

// Under the button, its right edge at the button's; above it, or further right, where that fits.
function placeMenu({ top, bottom, right }) {
  const { offsetWidth: width, offsetHeight: height } = menu.node;
  const below = bottom + MENU_GAP;
  const fits = below + height <= window.innerHeight - MENU_EDGE;
  const y = fits ? below : Math.max(MENU_EDGE, Math.min(top - MENU_GAP - height, window.innerHeight - MENU_EDGE - height));
  const x = Math.max(MENU_EDGE, Math.min(right - width, document.documentElement.clientWidth - MENU_EDGE - width));
  menu.node.style.left = `${x}px`;
  menu.node.style.top = `${y}px`;
}

function closeMenu(returnFocus = false) {
  const { button } = menu;
  if (!button) return;
  menu.button = null;
  button.setAttribute('aria-expanded', 'false');
  if (returnFocus) button.focus({ preventScroll: true });
  show(menu.node, false);
}

function leaveMenu({ relatedTarget }) {
  if (!menu.node.contains(relatedTarget) && relatedTarget !== menu.button) closeMenu();
}

function onMenuKey(event) {
  const items = menuItems();
  const at = items.indexOf(document.activeElement);
  const to = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key] ?? (event.key.length === 1 ? typedAhead(items, at, event.key) : undefined);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  event.stopPropagation();
  if (event.key === 'Enter' || event.key === ' ') return; // a button's own
  if (event.key !== 'Tab') event.preventDefault();
  if (event.key === 'Escape' || event.key === 'Tab') closeMenu(true);
  else items[to]?.focus();
}

// The next item that begins with this letter.
function typedAhead(items, at, letter) {
  const order = items.map((_, index) => (at + 1 + index) % items.length);
  return order.find((index) => items[index].querySelector('.nb-menu-label').textContent.toLowerCase().startsWith(letter.toLowerCase()));
}

document.addEventListener('pointerdown', ({ target }) => {
  if (menu.button && !menu.node.contains(target) && !menu.button.contains(target)) closeMenu();
}, { capture: true, signal: life });
// It stays with its button.
function followButton() {
  if (menu.button) placeMenu(menu.button.getBoundingClientRect());
}

document.addEventListener('scroll', ({ target }) => { if (target !== menu.node) followButton(); }, { capture: true, passive: true, signal: life });
window.addEventListener('resize', followButton, { signal: life });
