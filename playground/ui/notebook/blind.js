// A blind run: two answers as A and B, and a vote between them. Knows nothing of whose they are: the
// page has not been told.

const CHOICES = [['a', t('A is better')], ['b', t('B is better')], ['tie', t('Tie')], ['both_bad', t('Both bad')]];

const blindSwitch = textButton(null, t('Blind'), () => switchBlind(), 'nb-wide-only nb-toggle-button');
blindSwitch.title = t('Runs from now on hide which model wrote which answer, until you vote');

const blindWords = h('span', { class: 'nb-kept nb-phone-only' }); // a phone has the switch in its menu

function switchBlind() {
  const on = !page.view.blind.on;
  change('blind', { on });
  say(on ? t('Runs from now on are blind.') : t('Runs from now on are not blind.'));
}

function drawBlindSwitch(view) {
  blindSwitch.setAttribute('aria-pressed', String(view.blind.on));
  setText(blindWords, view.blind.on ? `✓ ${t('Blind')}` : '');
}

class Blind {
  constructor(results) {
    this.results = results;
    this.node = h('section', { class: 'nb-blind', 'aria-label': t('Blind run'), hidden: true });
    this.run = '';
  }

  // Drawn when it is first needed: most runs are not blind.
  build() {
    if (this.ballot) return;
    this.wait = h('p', { class: 'nb-blind-wait' }, t('Both answers are being written. You see them when both have ended.'));
    this.cut = h('p', { class: 'nb-blind-cut', hidden: true });
    this.sides = ['A', 'B'].map((name) => this.side(name));
    this.reason = h('input', { class: 'nb-input', type: 'text', maxlength: '2000', autocomplete: 'off', dir: 'auto', 'aria-label': t('Why? (optional)'), placeholder: t('Why? (optional)') });
    this.choices = CHOICES.map(([choice, label], index) => h('button', { type: 'button', class: 'nb-button nb-small', onclick: () => this.vote(choice) },
      h('span', null, label), h('kbd', { 'aria-hidden': 'true' }, String(index + 1))));
    this.reveal = textButton(null, t('Reveal without a vote'), () => this.vote(''), 'nb-small nb-blind-reveal');
    this.ballot = h('div', { class: 'nb-ballot', role: 'group', 'aria-label': t('Which answer is better?') },
      h('span', { class: 'nb-ballot-title' }, t('Which answer is better?')), ...this.choices, this.reason, this.reveal);
    this.grid = h('div', { class: 'nb-lanes' }, ...this.sides.map(({ node }) => node));
    this.node.replaceChildren(this.wait, this.cut, this.grid, this.ballot);
  }

  side(name) {
    const answer = new Answer();
    const none = h('p', { class: 'nb-blind-none', hidden: true }, t('No answer'));
    const node = h('section', { class: 'nb-lane', 'aria-label': t('Answer {name}', { name }) }, h('header', { class: 'nb-lane-head' }, h('h3', null, name)), answer.node, none);
    return { node, answer, none };
  }

  // While it runs: the same whatever the lanes do.
  running() {
    this.build();
    this.run = '';
    show(this.node, true);
    show(this.wait, true);
    show(this.cut, false);
    show(this.grid, false);
    show(this.ballot, false);
  }

  // The run that waits for a vote; its answers are asked for when it is shown. `cut` says that it
  // was cut off.
  async open(run, cut) {
    this.build();
    show(this.node, true);
    if (this.run !== run) {
      this.running();
      this.run = run;
      const answers = (await ask('blind', { run }))?.answers;
      if (this.run !== run) return;
      if (!answers) return this.close();
      this.draw(answers);
    }
    setText(this.cut, cut);
    show(this.wait, false);
    show(this.cut, cut !== '');
    show(this.grid, true);
    show(this.ballot, true);
  }

  draw(answers) {
    this.reason.value = '';
    answers.forEach(({ blocks }, index) => {
      const { answer, none } = this.sides[index];
      answer.settle(blocks);
      show(none, !blocks.length);
    });
    if (this.results.live === this.run) say(t('Both answers are here. Which one is better?'));
  }

  close() {
    show(this.node, false);
    this.run = '';
  }

  get waits() {
    return Boolean(this.results.cell.view.run?.vote?.waits && this.ballot && !this.ballot.hidden && !this.node.hidden);
  }

  vote(choice) {
    if (!this.waits) return;
    const { cell } = this.results;
    change('vote', { cell: cell.id, run: this.run, choice, reason: this.reason.value }, 'command');
    this.told = this.run;
  }
}

// What was voted, under the lanes; said when it was voted just now.
class Voted {
  constructor() {
    this.words = h('b');
    this.reason = h('span', { dir: 'auto' });
    this.node = h('p', { class: 'nb-voted', hidden: true }, this.words, this.reason);
  }

  draw(vote, aloud) {
    const voted = vote && !vote.waits;
    show(this.node, Boolean(voted));
    setText(this.words, voted ? vote.words : '');
    setText(this.reason, voted && vote.reason ? ` “${vote.reason}”` : '');
    if (aloud && voted) say(vote.words);
  }
}

// The votes so far, at the notebook's end.
const tally = h('section', { class: 'nb-tally', 'aria-label': t('Blind votes'), hidden: true });

function drawTally({ blind }) {
  show(tally, blind.tally.length > 0);
  const json = JSON.stringify(blind.tally);
  if (tally.dataset.drawn === json) return;
  tally.dataset.drawn = json;
  tally.replaceChildren(h('h3', null, t('Blind votes')), ...blind.tally.map((words) => h('p', { dir: 'auto' }, words)));
}

// Keys of a selected cell whose run waits for a vote.
function voteKey(cell, index) {
  if (cell.results?.blind?.waits) cell.results.blind.vote(CHOICES[index][0]);
}
