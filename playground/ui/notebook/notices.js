// Messages: the notice, lines that stay while something holds, the toast at the bottom, and what is
// spoken to a screen reader. Knows nothing of what they are about.

const TOAST_MS = 10_000;

const notice = {
  text: h('span', { role: 'status' }),
  node: h('div', { class: 'nb-notice', hidden: true }),
  dismissed: '',
};
notice.node.append(notice.text, iconButton('close', t('Dismiss'), () => dismissNotice()));

const toast = {
  text: h('span', { role: 'status' }),
  action: h('span'),
  node: h('div', { class: 'nb-toast', hidden: true }),
  timer: 0,
};
toast.node.append(toast.text, toast.action, iconButton('close', t('Dismiss'), () => hideToast()));

const spoken = h('div', { class: 'nb-offscreen', 'aria-live': 'polite' });
const lines = h('div');
const lineNodes = new Map();

function showNotice(text) {
  setText(notice.text, text);
  show(notice.node, text !== '');
}

function dismissNotice() {
  notice.dismissed = page.view.notice;
  show(notice.node, false);
  leaveTo(currentCell());
  change('clear_notice');
}

function drawNotice(view) {
  if (view.notice !== notice.dismissed) notice.dismissed = '';
  showNotice(view.notice && !notice.dismissed ? view.notice : '');
}

// A message that stays until its cause is gone (an empty text), under its own name.
function showLine(name, text, action = null) {
  const line = lineNodes.get(name);
  if (line?.dataset.text === text) return;
  line?.remove();
  lineNodes.delete(name);
  if (!text) return;
  const node = h('div', { class: 'nb-notice', 'data-text': text }, h('span', { role: 'status' }, text), action);
  lineNodes.set(name, node);
  lines.append(node);
}

// Gone after a while; `action` is a button to press meanwhile.
function showToast(text, action = null) {
  setText(toast.text, text);
  toast.action.replaceChildren(...(action ? [action] : []));
  show(toast.node, true);
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { if (!toast.node.contains(document.activeElement)) hideToast(); }, TOAST_MS);
}

function hideToast() {
  clearTimeout(toast.timer);
  if (toast.node.contains(document.activeElement)) leaveTo(currentCell());
  show(toast.node, false);
}

// What had the focus goes away: the cell that was used last takes it.
function leaveTo(cell) {
  cell?.focus('command', false);
}

function say(text) {
  if (text) setText(spoken, text);
}
