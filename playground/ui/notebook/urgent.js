// What a reader can do at once with a lane that runs: have its thought closed, and stop a text that
// repeats itself. Knows no text; whether there is anything to do is told by Python.

class Urgent {
  constructor(lane) {
    this.lane = lane;
    this.alarm = h('p', { hidden: true });
    this.stop = textButton('stop', t('Stop'), () => lane.askStop(), 'nb-small');
    this.close = textButton(null, '', () => this.askClose(), 'nb-small');
    this.node = h('div', { class: 'nb-urgent', hidden: true }, this.alarm, h('div', { class: 'nb-actions' }, this.stop, this.close));
    this.setClosing(false);
  }

  draw({ running, closes_thought: closes, alarm }) {
    const focused = document.activeElement;
    const gone = (focused === this.close && !closes) || (focused === this.stop && !alarm);
    if (gone) (running ? this.lane.stop : cells.get(this.lane.cell)?.runButton)?.focus({ preventScroll: true });
    if (!closes) this.setClosing(false);
    setText(this.alarm, alarm ?? '');
    show(this.alarm, Boolean(alarm));
    show(this.stop, Boolean(alarm));
    show(this.close, Boolean(closes));
    this.node.classList.toggle('nb-alarm', Boolean(alarm));
    show(this.node, Boolean(running && (closes || alarm)));
  }

  // The button stays where it is, with the focus, until the thought is closed.
  setClosing(closing) {
    setUsable(this.close, !closing);
    setText(this.close.firstElementChild, closing ? t('Closing the thought…') : t('Close the thought and answer now'));
  }

  async askClose() {
    if (!isUsable(this.close)) return;
    this.setClosing(true);
    const answer = await ask('close', { cell: this.lane.cell, lane: this.lane.lane });
    if (answer?.closing) say(t('Closing the thought…'));
    else this.setClosing(false);
  }
}
