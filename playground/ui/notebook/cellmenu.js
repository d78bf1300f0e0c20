// The menu of a cell: what can be done with it beside running, moving and deleting it.
// Knows no keyboard: the keys in it are only told.

const A_HANDFUL = 5;

function cellMenu(cell) {
  const { id, view } = cell;
  const prompt = view.kind === 'prompt';
  const below = page.view.cells.slice(cell.place).filter(({ kind }) => kind === 'prompt').map((each) => each.id);
  return [
    ...(prompt ? promptItems(cell, below) : []),
    { label: view.folded ? t('Unfold the cell') : t('Fold the cell'), run: () => cell.fold(!view.folded) },
    null,
    { label: t('Prompt above'), keys: 'A', icon: 'plus', run: () => addAround(id, 'above') },
    { label: t('Prompt below'), keys: 'B', icon: 'plus', run: () => addAround(id, 'below') },
    { label: t('Note below'), icon: 'plus', run: () => addAround(id, 'below', 'note') },
    { label: t('List below…'), icon: 'list', run: () => openListDialog(null, id) },
    { label: t('Duplicate'), icon: 'duplicate', run: () => change('duplicate', { cell: id }, 'edit') },
    ...(view.kind === 'foreign' ? [] : [
      { label: prompt ? t('Copy the prompt') : t('Copy the note'), icon: 'copy', run: () => copyAndSay(textOf(view)) },
      prompt
        ? { label: t('Turn into a note'), keys: 'M', run: () => convert(cell, 'note') }
        : { label: t('Turn into a prompt'), keys: 'Y', run: () => convert(cell, 'prompt') },
    ]),
    ...(prompt ? [null, ...lookItems(cell)] : []),
  ];
}

function promptItems(cell, below) {
  const first = page.view.cells.find(({ kind }) => kind === 'prompt')?.id === cell.id;
  const { continues, own } = cell.view;
  const configure = () => change('configure', { cell: cell.id, continues: !continues, own });
  return [
    ...listItems(cell),
    { label: t('Run from here'), icon: 'run', off: below.every((id) => isBusy(cellView(id))), run: () => runThese(below) },
    { label: t('Run {count} times', { count: timesOf(cell) }), off: isBusy(cell.view), run: () => cell.run({ repeats: timesOf(cell) }) },
    { label: t('Attach documents…'), icon: 'attach', run: () => cell.attachments.choose() },
    first ? undefined : { label: continues ? t('Start a new conversation') : t('Continue the conversation above'), run: configure },
    ...page.view.advice.map((advice) => adviceItem(cell, advice)),
    { label: t('Fold or unfold its traces'), keys: 'O', run: () => cell.results.toggleTraces() },
  ].filter((item) => item !== undefined);
}

// As often as its settings say, else a handful.
function timesOf({ view }) {
  return view.repeats > 1 ? view.repeats : A_HANDFUL;
}

function listItems(cell) {
  const { list } = cell.view;
  const busy = isBusy(cell.view);
  if (!list) return [{ label: t('Make it a list…'), icon: 'list', off: busy, run: () => openListDialog(cell.id) }];
  return [
    { label: t('Edit list…'), icon: 'list', off: busy, run: () => openListDialog(cell.id) },
    { label: t('Run all anew'), off: busy || list.done === 0, run: () => cell.list.runAnew() },
  ];
}

// Advice of the models' cards: a sentence behind the prompt, not twice.
function adviceItem(cell, { name, label, text }) {
  const given = textOf(cell.view).includes(text);
  return { label: given ? t('{advice}: it is there', { advice: label }) : label, icon: given ? 'done' : undefined, off: given, run: () => change('advise', { cell: cell.id, advice: name }, 'edit') };
}

function lookItems(cell) {
  return [
    ...(cell.view.runs ? [{ label: t('Show the verdict'), run: () => showVerdict(cell.id) }] : []),
    { label: t('Exact prompt…'), run: () => openAnswer(t('What the models are sent'), 'exact', cell.id) },
    { label: t('Copy as code…'), run: () => openAnswer(t('This cell as code'), 'code', cell.id) },
    { label: t('Copy link'), icon: 'link', run: () => copyLink(cell.id) },
  ];
}

// `mode` is how the new cell takes the focus: the keyboard's commands select, a pointer writes.
function addAround(id, where, kind = 'prompt', mode = 'edit') {
  const at = page.view.cells.findIndex((cell) => cell.id === id);
  const after = where === 'below' ? id : page.view.cells[at - 1]?.id ?? '';
  change('add', { cell: after, kind, text: '' }, mode);
}

function convert(cell, kind) {
  if (cell.view.kind !== kind && cell.view.kind !== 'foreign') change('convert', { cell: cell.id, kind }, 'command');
}

async function copyLink(id) {
  await settled();
  const answer = await ask('link', { cell: id });
  if (!answer) return;
  const { origin, pathname, search } = window.location;
  copyAndSay(`${origin}${pathname}${search}#${answer.fragment}`, answer.note || t('Link copied'));
}

async function copyAndSay(text, done = t('Copied')) {
  showToast((await copyText(text)) ? done : t('Could not copy'));
}
