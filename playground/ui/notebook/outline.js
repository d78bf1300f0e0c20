// The outline of an ended trace: its passages by their first words, to jump to. Knows no lane and
// no run; it is drawn when it is opened, from what Python answers.

const WORTH_AN_OUTLINE = 600; // characters of a trace

class Outline {
  // `load` asks for the entries, `jump` goes to an offset in the trace.
  constructor(load, jump) {
    this.load = load;
    this.jump = jump;
    this.button = textButton('chevron', t('Outline'), () => this.toggle(), 'nb-small nb-outline-button');
    this.button.setAttribute('aria-expanded', 'false');
    this.list = h('ol', { class: 'nb-outline', hidden: true, 'aria-label': t('Outline of the thinking') });
    this.node = h('div', { class: 'nb-outlined', hidden: true }, this.button, this.list);
  }

  clear() {
    this.open(false);
    this.list.replaceChildren();
    this.drawn = false;
    show(this.node, false);
  }

  offer(length) {
    show(this.node, length >= WORTH_AN_OUTLINE);
  }

  async toggle() {
    this.open(this.list.hidden);
    if (this.list.hidden || this.drawn) return;
    this.drawn = true;
    const entries = await this.load();
    if (entries) this.list.replaceChildren(...entries.map((entry) => this.entry(entry)));
    else this.clear();
  }

  open(wide) {
    this.button.setAttribute('aria-expanded', String(wide));
    show(this.list, wide);
  }

  entry({ offset, words, at, tokens, note }) {
    const figures = [
      at && h('span', { class: 'nb-outline-at', title: t('Seconds from the start until it began') }, at),
      tokens && h('span', { class: 'nb-outline-tokens' }, t('{count} tokens', { count: tokens })),
      note && h('span', { class: 'nb-outline-note', title: t('Turn-backs are sentences that begin with “Wait”, “But”, “Actually”, “Hmm”, “Alternatively” and the like.') }, note),
    ].filter(Boolean);
    return h('li', null, h('button', { type: 'button', onclick: () => this.jump(offset) },
      h('span', { class: 'nb-outline-words', dir: 'auto' }, words), h('span', { class: 'nb-outline-figures' }, ...figures)));
  }
}
