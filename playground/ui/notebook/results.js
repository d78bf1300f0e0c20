// What ran in a cell: two lanes and the timeline, live from ticks or ended from Python.
// Knows which run is shown; an ended run is drawn and fetched when its cell comes near the screen.

const FETCH_AT_ONCE = 24;
const FETCH_PAUSE_MS = 10;
const FETCH_AGAIN_MS = 3000;

class Results {
  constructor(cell) {
    this.cell = cell;
    this.live = null; // the run whose ticks are shown
    this.lanes = null;
    this.wide = ''; // the lane that has the full width
    this.seen = false; // near the screen once
    this.node = h('div', { class: 'nb-results', hidden: true });
  }

  // The lanes that run or ran: both, or one alone.
  build(names) {
    const wished = names.length ? names : Object.keys(page.view.lanes);
    if (!this.lanes) this.frame();
    if (this.names?.join() === wished.join()) return;
    this.names = wished;
    this.lanes = Object.fromEntries(wished.map((lane) => [lane, this.lanes[lane] ?? this.lane(lane)]));
    this.grid.replaceChildren(...Object.values(this.lanes).map((lane) => lane.node));
    this.drawWidth();
  }

  frame() {
    this.node.classList.remove('nb-unseen');
    this.lanes = {};
    this.names = null;
    this.times = null;
    this.grid = h('div', { class: 'nb-lanes' });
    this.strip = new Strip();
    this.timeline = new TimelineView();
    this.agreement = new Badge('nb-agreement');
    this.together = new Together();
    this.compare = new Compare(this);
    this.blind = new Blind(this);
    this.voted = new Voted();
    this.node.replaceChildren(this.blind.node, this.grid, this.agreement.node, this.voted.node, this.compare.node, this.strip.node, this.timeline.node, this.together.node);
    show(this.node, true);
  }

  lane(lane) {
    return new Lane(lane, this.cell.id, ({ lane: name }) => {
      this.wide = this.wide === name ? '' : name;
      this.drawWidth();
    });
  }

  drawWidth() {
    const several = this.names.length > 1;
    const wide = several && this.names.includes(this.wide) ? this.wide : '';
    setClass(this.grid, `nb-lanes ${!several || wide ? 'nb-one' : ''}`);
    for (const [name, lane] of Object.entries(this.lanes)) {
      show(lane.node, !wide || name === wide);
      show(lane.widen, several);
      lane.setWide(name === wide);
    }
  }

  update(view) {
    if (page.lost) return;
    const busy = view.state !== 'idle';
    const shown = view.run?.run ?? null;
    const latest = view.runs === 0 || view.shown === view.runs - 1;
    if (this.live && shown !== this.live && !(isBusy(view) && latest)) this.live = null;
    this.waiting();
    if (this.lanes) this.together.draw(view.together);
    if (this.live && this.live !== shown) return; // ticks are ahead of this view
    if (!view.run) return busy ? undefined : this.empty();
    if (!this.lanes && view.folded) return;
    if (!this.lanes && !this.seen) return this.leaveOut();
    if (view.run.vote?.waits) return this.showBlind(view.run);
    this.build(Object.keys(view.run.lanes));
    this.hideBlind();
    this.voted.draw(view.run.vote, this.blind.told === view.run.run);
    this.blind.told = '';
    for (const [lane, drawn] of Object.entries(this.lanes)) {
      this.showLane(drawn, view.run.lanes[lane], view, lane);
    }
    this.drawJudged(view.run);
    this.together.draw(view.together);
    if (!busy || this.live === null) this.drawTimes(view.run.timeline);
    this.compare.draw();
  }

  // A blind run stands alone: the page has nothing else of it.
  showBlind({ run, vote }) {
    this.build([]);
    this.drawBlind();
    this.blind.open(run, vote.words);
  }

  drawBlind() {
    if (this.grid.hidden) return;
    for (const drawn of Object.values(this.lanes)) drawn.reset('', '');
    for (const node of [this.grid, this.compare.node, this.voted.node]) show(node, false);
    this.drawTimes(null);
  }

  hideBlind() {
    this.blind.close();
    show(this.grid, true);
  }

  // Of an ended run alone, also when only what is expected has changed.
  drawJudged(run) {
    for (const [lane, drawn] of Object.entries(this.lanes)) drawn.grade.draw(run?.grades[lane] ?? null);
    this.agreement.draw(run?.agreement ?? null);
  }

  drawTimes(times) {
    this.times = times;
    this.timeline.draw(times);
    this.drawStrip();
  }

  drawStrip() {
    if (this.lanes) this.strip.draw(this.times, this.lanes);
  }

  // Far from the screen an empty box stands for the results.
  leaveOut() {
    this.node.classList.add('nb-unseen');
    show(this.node, true);
    whenNear(this);
  }

  showLane(drawn, key, view, lane) {
    if (key && key === drawn.key && drawn.done) return;
    if (key && ended.has(key)) return drawn.settle(ended.get(key));
    const streaming = this.live === view.run.run;
    if (!key) return streaming ? undefined : drawn.reset('', page.view.lanes[lane], view.state === 'idle' ? '' : t('waiting…'));
    if (!streaming && key !== drawn.key) drawn.reset(key, page.view.lanes[lane], '…');
    whenNear(this);
  }

  // Asked to run, or running without a tick yet: the first run shows its empty lanes at once.
  waiting() {
    const busy = isBusy(this.cell.view);
    this.node.classList.toggle('nb-waiting', busy && this.live === null);
    if (!busy || this.cell.view.run || this.live || this.lanes) return;
    this.build([]);
    const words = this.cell.view.state === 'queued' ? t('queued') : t('waiting…');
    for (const [lane, drawn] of Object.entries(this.lanes)) drawn.reset('', page.view.lanes[lane], words);
  }

  empty() {
    if (isBusy(this.cell.view)) return;
    this.node.replaceChildren();
    this.lanes = null;
    show(this.node, false);
  }

  tick({ run, lanes, timeline }) {
    const view = this.cell.view;
    const latest = view.runs === 0 || view.shown === view.runs - 1;
    const wanted = this.live === run || view.run?.run === run || latest;
    if (!wanted || (this.live !== run && !isBusy(view))) return;
    if (this.live !== run && this.lanes) this.drawJudged(null);
    this.live = run;
    if (!Object.keys(lanes).length) return this.blindTick(run);
    this.build(Object.keys(page.view.lanes).filter((lane) => lanes[lane]));
    this.hideBlind();
    this.node.classList.remove('nb-waiting');
    for (const [lane, drawn] of Object.entries(this.lanes)) drawn.live(lanes[lane]);
    show(this.compare.node, false);
    this.drawTimes(timeline);
  }

  blindTick(run) {
    this.build([]);
    this.node.classList.remove('nb-waiting');
    this.drawBlind();
    if (this.blind.run !== run) this.blind.running();
  }

  toggleTraces() {
    const lanes = Object.values(this.lanes ?? {});
    const open = !lanes.some((lane) => lane.trace.isOpen);
    for (const lane of lanes) lane.trace.set(open);
  }

  // Unfolds the trace of this run's lane, now or when it has come.
  unfold(run, lane) {
    lookedFor = `${run}/${lane}`;
    this.lanes?.[lane]?.unfoldIfLookedFor();
  }

  // Keys of ended lanes that are to be shown and not here yet.
  missing() {
    const keys = Object.entries(this.cell.view?.run?.lanes ?? {});
    return keys.filter(([lane, key]) => !ended.has(key) && !(this.lanes?.[lane]?.done && this.lanes[lane].key === key)).map(([, key]) => key);
  }

  arrived(key, view) {
    for (const [lane, drawn] of Object.entries(this.lanes ?? {})) {
      if (this.cell.view.run?.lanes[lane] === key && !view.running) drawn.settle(view);
    }
    this.compare?.draw();
    this.drawStrip();
  }

  // The cell has come near the screen: what was left out is drawn and fetched.
  appear() {
    this.seen = true;
    this.update(this.cell.view);
    wanted.add(this.cell.id);
    clearTimeout(fetchTimer);
    fetchTimer = setTimeout(fetchWanted, FETCH_PAUSE_MS);
  }

  // No more ticks will come: what is here stays.
  cutOff() {
    this.live = null;
    this.node.classList.remove('nb-waiting');
    for (const drawn of Object.values(this.lanes ?? {})) {
      if (!drawn.done && (drawn.running || drawn.state.textContent)) drawn.status(t('cut off'), 'warn', false);
    }
  }

  forget() {
    far.delete(this);
  }
}

const wanted = new Set(); // ids of cells near the screen that lack results
let fetchTimer = 0;

async function fetchWanted() {
  const hosts = [...wanted].map((id) => cells.get(id)?.results).filter(Boolean);
  wanted.clear();
  const keys = [...new Set(hosts.flatMap((host) => host.missing()))];
  for (let i = 0; i < keys.length; i += FETCH_AT_ONCE) {
    const some = keys.slice(i, i + FETCH_AT_ONCE);
    const reply = await ask('fetch', { keys: some });
    if (!reply) return retry(hosts);
    for (const [key, view] of Object.entries(reply.lanes)) {
      if (!view.running) ended.set(key, view);
      for (const host of hosts) host.arrived(key, view);
    }
  }
}

function retry(hosts) {
  setTimeout(() => hosts.forEach(whenNear), FETCH_AGAIN_MS);
}
