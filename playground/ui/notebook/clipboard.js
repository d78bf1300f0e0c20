// Copy buttons. Falls back to execCommand where the page has no clipboard (plain http).
// Knows nothing of what is copied.

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text) {
  const held = document.activeElement;
  const field = h('textarea', { class: 'nb-offscreen', 'aria-hidden': 'true', tabindex: '-1' });
  field.value = text;
  element.append(field);
  field.select();
  let copied = false;
  try {
    copied = document.execCommand('copy');
  } catch {
    copied = false;
  }
  field.remove();
  held?.focus?.({ preventScroll: true });
  return copied;
}

// `source` returns the text, or a promise of it; null means there is none to copy.
function copyButton(label, source, extra = '') {
  let timer = 0;
  const button = iconButton('copy', label, async () => {
    const text = await source();
    const copied = text !== null && text !== undefined && (await copyText(text));
    relabel(button, copied ? 'done' : 'close', copied ? t('Copied') : t('Could not copy'));
    clearTimeout(timer);
    timer = setTimeout(() => relabel(button, 'copy', label), 1600);
  }, `nb-copy ${extra}`);
  return button;
}
