// The timeline under both lanes: bars on one time axis, and the sentence that says it in words.
// Knows nothing of cells; it draws what it is given and writes only what differs.

const KINDS = { earlier: t('earlier segments'), prompt: t('prompt'), thinking: t('thinking'), answer: t('answer') };

class TimelineView {
  constructor() {
    this.sentence = h('p', { class: 'nb-sentence' });
    this.legend = h('p', { class: 'nb-legend' }, ...Object.entries(KINDS).map(([kind, name]) => h('span', null, h('i', { class: `nb-key nb-kind-${kind}` }), name)));
    this.bars = h('div', { class: 'nb-bars' });
    this.axis = h('div', { class: 'nb-axis', 'aria-hidden': 'true' });
    this.node = h('div', { class: 'nb-timeline', hidden: true },
      h('div', { class: 'nb-say' }, this.sentence, this.legend), this.bars);
    this.rows = new Map();
    this.json = '';
  }

  draw(timeline) {
    const json = JSON.stringify(timeline ?? null);
    if (json === this.json) return;
    this.json = json;
    const bars = timeline?.bars ?? [];
    show(this.node, bars.length > 0);
    if (!bars.length) return;
    const span = timeline.span_s > 0 ? timeline.span_s : 1;
    this.drawSentence(timeline.sentence);
    this.drawBars(bars, span);
    this.drawAxis(timeline.marks, span);
  }

  drawSentence(pieces) {
    const json = JSON.stringify(pieces);
    if (this.said === json) return;
    this.said = json;
    this.sentence.replaceChildren(...pieces.map((piece, index) => (index % 2 ? h('b', null, piece) : piece)));
  }

  drawBars(bars, span) {
    const lanes = bars.map((bar) => bar.lane).join(' ');
    if (this.lanes !== lanes) {
      this.lanes = lanes;
      this.rows = new Map(bars.map((bar) => [bar.lane, makeBar(bar.lane)]));
      this.bars.replaceChildren(...[...this.rows.values()].flatMap((row) => [row.label, row.rail, row.total]), this.axis);
    }
    const kinds = new Set();
    for (const bar of bars) {
      const row = this.rows.get(bar.lane);
      setText(row.label, bar.label);
      setText(row.total, bar.total);
      drawSegments(row.rail, bar.segments, span);
      row.rail.setAttribute('aria-label', describe(bar));
      bar.segments.forEach((segment) => kinds.add(segment.kind));
    }
    Object.keys(KINDS).forEach((kind, index) => show(this.legend.children[index], kinds.has(kind)));
  }

  drawAxis(marks, span) {
    while (this.axis.children.length > marks.length) this.axis.lastElementChild.remove();
    marks.forEach(({ at_s, label }, index) => {
      const mark = this.axis.children[index] ?? this.axis.appendChild(h('span', null, h('span')));
      const place = share(at_s, span);
      mark.style.left = `${place}%`;
      setClass(mark, place > 92 ? 'nb-edge' : '');
      setText(mark.firstElementChild, label);
    });
  }
}

function makeBar(lane) {
  return {
    label: h('span', { class: 'nb-bar-label' }),
    rail: h('div', { class: `nb-rail nb-${lane}`, role: 'img' }),
    total: h('span', { class: 'nb-bar-total' }),
  };
}

function drawSegments(rail, segments, span) {
  while (rail.children.length > segments.length) rail.lastElementChild.remove();
  segments.forEach(({ kind, start_s, end_s }, index) => {
    const piece = rail.children[index] ?? rail.appendChild(h('i'));
    setClass(piece, `nb-piece nb-kind-${kind}`);
    piece.style.left = `${share(start_s, span)}%`;
    piece.style.width = `${share(Math.max(0, end_s - start_s), span)}%`;
    piece.title = `${KINDS[kind]} ${seconds(end_s - start_s)}`;
  });
}

function share(part, whole) {
  return Math.round(Math.min(1, Math.max(0, part / whole)) * 10000) / 100;
}

function seconds(value) {
  const digits = value < 10 ? 2 : 1;
  return `${value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits })} s`;
}

function describe(bar) {
  const pieces = bar.segments.map(({ kind, start_s, end_s }) => `${KINDS[kind]} ${seconds(end_s - start_s)}`);
  return `${bar.label}: ${[...pieces, t('total {time}', { time: bar.total })].join(', ')}`;
}
