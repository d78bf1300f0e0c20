// Dialogs: a native <dialog> with a title; the browser gives the focus back where it was.
// Knows nothing of what is told in them, but that texts have copy buttons.

function openDialog(title, ...content) {
  const heading = h('h2', { id: 'nb-dialog-title' }, title);
  const close = iconButton('close', t('Close'), () => dialog.close());
  const dialog = h('dialog', { class: 'nb-dialog', 'aria-labelledby': heading.id },
    h('div', { class: 'nb-dialog-head' }, heading, close),
    h('div', { class: 'nb-dialog-body', tabindex: '0' }, ...content)); // keys scroll it
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('pointerdown', ({ target }) => { if (target === dialog) dialog.close(); });
  element.querySelector('.notebook').append(dialog);
  dialog.showModal();
  return dialog;
}

function isDialogOpen() {
  return Boolean(document.querySelector('dialog[open]'));
}

// Plain texts under titles, each to read and to copy.
function openSections(title, sections) {
  openDialog(title, ...sections.map(({ title: name, text, note }) =>
    h('section', { class: 'nb-section' },
      h('div', { class: 'nb-section-head' }, h('h3', null, name), copyButton(t('Copy {name}', { name }), () => text)),
      h('pre', { tabindex: '0', dir: 'ltr', 'aria-label': name }, text),
      note ? h('p', { class: 'nb-section-note' }, note) : null)));
}

async function openAnswer(title, name, cell) {
  await settled();
  const answer = await ask(name, { cell });
  if (answer) openSections(title, answer.sections);
}
