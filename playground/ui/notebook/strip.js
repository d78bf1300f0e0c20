// On a phone, where lanes stand one under the other: the key numbers of both in two lines that stay
// in sight while the cell does. Knows lanes by their figures; draws nothing on wide screens.

const narrow = window.matchMedia('(max-width: 760px)');

class Strip {
  constructor() {
    this.node = h('div', { class: 'nb-strip', 'aria-hidden': 'true', hidden: true }); // said in the lanes
    this.rows = new Map();
  }

  draw(timeline, lanes) {
    const bars = narrow.matches ? timeline?.bars.filter(({ lane }) => lanes[lane]?.figures.length) ?? [] : [];
    show(this.node, bars.length > 1);
    if (bars.length < 2) return;
    for (const { lane, label, own } of bars) { // the figures are of the last segment alone
      const row = this.rows.get(lane) ?? this.add(lane);
      // Figures without a label of their own are counts and rates: "96" "tokens".
      const counts = lanes[lane].figures.filter((figure) => !figure.label && figure.unit).slice(0, 2);
      [label, own, ...counts.map(inShort)].forEach((text, index) => setText(row[index], text));
      row.slice(2 + counts.length).forEach((node) => setText(node, ''));
    }
  }

  add(lane) {
    const row = ['nb-strip-name', 'nb-strip-total', '', ''].map((name) => h('span', { class: name }));
    this.node.append(h('i', { class: `nb-dot nb-${lane}` }), ...row);
    this.rows.set(lane, row);
    return row;
  }
}

// "96 tokens" as it is, "33 tokens/s" as "33/s".
function inShort({ value, unit }) {
  const per = unit.indexOf('/');
  return per < 0 ? `${value} ${unit}` : `${value}${unit.slice(per)}`;
}

narrow.addEventListener('change', () => {
  for (const cell of cells.values()) cell.results?.drawStrip();
}, { signal: life });
