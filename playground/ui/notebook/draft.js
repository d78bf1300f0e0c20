// The run that is going on, kept once a second: what has come is not lost with the server or the
// tab. Knows texts and lengths; the rest of a draft is Python's own.

const DRAFT_MS = 1000;

const draft = {
  record: null, // {run, cell, values, repeat, sides, lanes: {lane: {result, thinking, answer}}}
  kept: '', // the run whose draft is in the storage
  begun: '', // the run that ticks told of last
  busy: false,
  again: false, // there was news while one was on its way
};

// A run is kept from its first tick on, which may come before the view that tells of it, and when
// there is news of a lane, as that it has ended.
function draftIsDue(run, news) {
  if (draft.busy) draft.again ||= news !== '';
  if (draft.busy || (draft.begun === run && !news)) return;
  draft.begun = run;
  keepDraft(true);
}

async function keepDraft(running = isRunning()) {
  if (draft.busy || !keeps() || !running) return;
  draft.busy = true;
  draft.again = false;
  await pullDraft().then(() => keep.failed.delete('draft'), (error) => notKept(error, 'draft'));
  draft.busy = false;
  if (draft.again) keepDraft(true);
}

async function pullDraft() {
  let reply = await ask('draft', haveOf(draft.record), true);
  if (!reply?.run) return;
  if (draft.record && draft.record.run !== reply.run) {
    await keepNow(); // the run before this one has ended: it is kept whole before its draft goes
    draft.record = null;
    reply = await ask('draft', haveOf(null), true);
    if (!reply?.run) return;
  }
  draft.record = joined(draft.record, reply);
  await keep.store.write('records', { draft: draft.record });
  draft.kept = draft.record.run;
}

function haveOf(record) {
  const lanes = Object.entries(record?.lanes ?? {});
  return { run: record?.run ?? '', have: Object.fromEntries(lanes.map(([lane, { thinking, answer }]) => [lane, { thinking: thinking.length, answer: answer.length }])) };
}

function joined(before, { lanes, ...run }) {
  const whole = (lane, part) => {
    const { offset, text } = lanes[lane][part];
    return (before?.lanes[lane]?.[part] ?? '').slice(0, offset) + text;
  };
  const both = Object.keys(lanes).map((lane) => [lane, { result: lanes[lane].result, thinking: whole(lane, 'thinking'), answer: whole(lane, 'answer') }]);
  return { ...run, lanes: Object.fromEntries(both) };
}

// Once its run is among the kept ones, a draft is not needed.
async function dropDraft(runs) {
  if (!draft.kept || !runs.has(draft.kept)) return;
  if (draft.record?.run === draft.kept) draft.record = null;
  draft.kept = '';
  await keep.store.write('records', { draft: undefined });
}
