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
    this.seen = false; // near the screen once
    this.timeline = new TimelineView();
    this.grid = h('div', { class: 'nb-lanes' });
    this.node = h('div', { class: 'nb-results', hidden: true }, this.grid, this.timeline.node);
  }

  build() {
    if (this.lanes) return;
    this.node.classList.remove('nb-unseen');
    this.lanes = Object.fromEntries(Object.keys(page.view.lanes).map((lane) => [lane, new Lane(lane, this.cell.id)]));
    this.grid.append(...Object.values(this.lanes).map((lane) => lane.node));
    show(this.node, true);
  }

  update(view) {
    if (page.lost) return;
    const busy = view.state !== 'idle';
    const shown = view.run?.run ?? null;
    const latest = view.runs === 0 || view.shown === view.runs - 1;
    if (this.live && shown !== this.live && !(busy && latest)) this.live = null;
    this.waiting();
    if (this.live && this.live !== shown) return; // ticks are ahead of this view
    if (!view.run) return busy ? undefined : this.empty();
    if (!this.lanes && !this.seen) return this.leaveOut();
    this.build();
    for (const [lane, drawn] of Object.entries(this.lanes)) {
      this.showLane(drawn, view.run.lanes[lane], view, lane);
    }
    if (!busy || this.live === null) this.timeline.draw(view.run.timeline);
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
    if (!key) return streaming ? undefined : drawn.reset('', page.view.lanes[lane], view.state === 'idle' ? '' : 'waiting…');
    if (!streaming && key !== drawn.key) drawn.reset(key, page.view.lanes[lane], '…');
    whenNear(this);
  }

  // Asked to run, or running without a tick yet: the first run shows its empty lanes at once.
  waiting() {
    const busy = isBusy(this.cell.view);
    this.node.classList.toggle('nb-waiting', busy && this.live === null);
    if (!busy || this.cell.view.run || this.live || this.lanes) return;
    this.build();
    const words = this.cell.view.state === 'queued' ? 'queued' : 'waiting…';
    for (const [lane, drawn] of Object.entries(this.lanes)) drawn.reset('', page.view.lanes[lane], words);
  }

  empty() {
    if (isBusy(this.cell.view)) return;
    this.grid.replaceChildren();
    this.lanes = null;
    this.timeline.draw(null);
    show(this.node, false);
  }

  tick({ run, lanes, timeline }) {
    const view = this.cell.view;
    const latest = view.runs === 0 || view.shown === view.runs - 1;
    const wanted = this.live === run || view.run?.run === run || latest;
    if (!wanted || (this.live !== run && !isBusy(view))) return;
    this.live = run;
    this.build();
    this.node.classList.remove('nb-waiting');
    for (const [lane, drawn] of Object.entries(this.lanes)) {
      if (lanes[lane]) drawn.live(lanes[lane]);
      else if (!drawn.key.startsWith(`${run}/`)) drawn.reset(`${run}/${lane}`, page.view.lanes[lane], 'waiting…');
    }
    this.timeline.draw(timeline);
  }

  // Keys of ended lanes that are to be shown and not here yet.
  missing() {
    const keys = Object.entries(this.cell.view?.run?.lanes ?? {});
    return keys.filter(([lane, key]) => !ended.has(key) && !(this.lanes?.[lane].done && this.lanes[lane].key === key)).map(([, key]) => key);
  }

  arrived(key, view) {
    for (const [lane, drawn] of Object.entries(this.lanes ?? {})) {
      if (this.cell.view.run?.lanes[lane] === key && !view.running) drawn.settle(view);
    }
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
      if (!drawn.done && (drawn.running || drawn.state.textContent)) drawn.status('cut off', 'warn', false);
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
