// Files: the notebook saved and exported as downloads, another one opened, files dropped here.
// Knows no file format; Python writes and reads them.

const MOST_BYTES = 100_000_000;

const fileField = h('input', { type: 'file', accept: '.ipynb,.json', hidden: true, onchange: () => openChosen() });

async function saveAs(format, reveals = false) {
  await settled();
  const file = await ask('save', { format, reveals });
  if (file?.asked) askToReveal(file.asked, () => saveAs(format, true));
  if (!file || file.asked) return;
  if (file.note) showToast(file.note);
  const url = URL.createObjectURL(new Blob([file.text], { type: file.mime }));
  const link = h('a', { href: url, download: file.name, hidden: true });
  element.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  say(t('{name} was saved to your downloads.', { name: file.name }));
}

// A file would show what blind runs still hide.
function askToReveal(words, go) {
  const dialog = openDialog(t('Save with blind runs?'), h('p', null, words),
    h('div', { class: 'nb-actions' }, textButton('save', t('Save anyway'), () => { dialog.close(); go(); }), textButton(null, t('Cancel'), () => dialog.close())));
}

function chooseFile() {
  fileField.value = '';
  fileField.click();
}

function openChosen() {
  if (fileField.files[0]) openFile(fileField.files[0]);
}

async function openFile(file) {
  if (file.size > MOST_BYTES) {
    showNotice(t('{name} is larger than 100 MB. Open a smaller notebook.', { name: file.name }));
    return;
  }
  await settled();
  let text;
  try {
    text = await file.text();
  } catch {
    showNotice(t('{name} cannot be read. Choose another file.', { name: file.name }));
    return;
  }
  const answer = await ask('open', { name: file.name, text });
  if (!answer) return;
  page.worked = true;
  receiveView(await ask('view', {})); // the notebook at once; sidebar and table follow
  trigger('opened', {});
  offerWayBack(t('{name} is open.', { name: file.name }));
}

// A new notebook, or the one before: the sidebar shows its settings then.
function replaceNotebook(action) {
  page.opening = true;
  change(action);
  if (action === 'new') offerWayBack(t('A new notebook.'));
  else hideToast();
}

function offerWayBack(text) {
  showToast(text, textButton('undo', t('Back to the one before'), () => replaceNotebook('back'), 'nb-small'));
}

// Anywhere on the page: the browser would leave the notebook for the file. Over a prompt the cell is
// marked, elsewhere the notebook.
function takeDrop(event) {
  if (event.defaultPrevented) return;
  const { dataTransfer: brought, type, target } = event;
  if (!brought?.types.includes('Files')) return;
  event.preventDefault();
  const cell = type === 'dragover' ? cellOf(target) : null;
  element.querySelector('.nb-drop')?.classList.remove('nb-drop');
  if (type === 'dragover') (cell?.attachments ? cell.box : element.querySelector('.notebook')).classList.add('nb-drop');
  if (type === 'drop' && brought.files.length) takeFiles([...brought.files], target);
}

for (const name of ['dragover', 'dragleave', 'drop']) document.addEventListener(name, takeDrop, { signal: life });
