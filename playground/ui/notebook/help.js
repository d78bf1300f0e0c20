// The dialog that tells all keys, and what a prompt may hold. Knows keys by their names only; keys.js
// acts on them.

function openHelp() {
  const command = MAC ? '⌘' : 'Ctrl';
  const groups = [
    [t('Everywhere in a cell'), [
      [[`${command} Enter`], t('Run the cell')],
      [['Shift Enter'], t('Run the cell and go to the next one')],
      [['Esc'], t('Stop what runs; else leave the text for the cell')],
    ]],
    [t('With a cell selected'), [
      [['Enter'], t('Write in it')],
      [['↑', 'K'], t('Select the cell above')],
      [['↓', 'J'], t('Select the cell below')],
      [['A', 'B'], t('Add a prompt above, below')],
      [['D D'], t('Delete it')],
      [['Z', 'Shift Z'], t('Undo, redo')],
      [['M', 'Y'], t('Turn it into a note, a prompt')],
      [['O'], t('Fold or unfold its traces')],
      [['1', '2', '3', '4'], t('Vote on a blind run: A, B, tie, both bad')],
      [['Shift ↑', 'Shift ↓'], t('Move it up, down')],
    ]],
    [t('In a prompt'), [
      [['/think', '/no_think'], t('At its end: only the thinking lane runs, or only the other one; the tag is not sent')],
      [['{{…}}'], t('A variable: the cell’s settings give it values, one run each')],
    ]],
    [t('In a list'), [
      [['↑', '↓'], t('Go through its problems')],
      [['Enter'], t('Open a problem with its answers')],
      [['J', 'K'], t('Once open: the next problem, the one before')],
    ]],
    [t('On the page'), [
      [['/', 'F'], t('Search')],
      [[`${command} S`], t('Save as a file')],
      [['?'], t('This help')],
    ]],
  ];
  openDialog(t('Keyboard help'), ...groups.map(([name, keys]) =>
    h('section', { class: 'nb-keys' }, h('h3', null, name),
      h('dl', null, ...keys.flatMap(([names, words]) => [h('dt', null, ...names.map((key) => h('kbd', null, key))), h('dd', null, words)])))));
}
