// A prompt's text field: it counts how many tokens a model would read. Knows nothing of runs.

const COUNT_PAUSE_MS = 250;
const LONG_TEXT = 100_000;

class Prompt extends CellText {
  constructor(id, attachments) {
    super(id, t('Prompt'), t('Ask both models the same question…'));
    this.attachments = attachments;
    this.counting = ''; // the attachments that were counted along last
    this.asked = 0;
    this.timer = 0;
    this.field.addEventListener('focus', () => this.count(0));
    this.field.addEventListener('paste', pasteFiles);
    this.tokens = h('span', { class: 'nb-tokens' });
  }

  typed() {
    super.typed();
    this.count(this.text.length > LONG_TEXT ? 4 * COUNT_PAUSE_MS : COUNT_PAUSE_MS);
    drawExamples();
    drawToolbarState();
  }

  // What is attached is counted without being asked, and again where something else reads it.
  update(cell) {
    super.update(cell);
    const ids = this.attachments.ids.join();
    if (ids !== this.counting) this.say({ text: ids ? t('counting the tokens…') : '', tone: 'plain' });
    this.counting = ids;
    if (this.attachments.ids.length || this.counted) this.count(COUNT_PAUSE_MS);
  }

  count(pause) {
    clearTimeout(this.timer);
    if (!this.text && !this.attachments.ids.length) return this.say({ text: '', tone: 'plain' });
    this.timer = setTimeout(() => this.askCount(), pause);
  }

  async askCount() {
    const { own, continues } = cellView(this.id) ?? {};
    const { models, asks, revision } = page.view;
    // What goes before a prompt that continues may be another answer at every revision.
    const about = JSON.stringify([this.text, this.attachments.ids, models, asks, own, continues && revision]);
    if (about === this.counted) return;
    const turn = ++this.asked;
    const reply = await ask('count', { cell: this.id, prompt: this.text }, true);
    if (turn !== this.asked || !reply) return; // only the latest question's answer counts
    this.counted = about;
    this.say(reply);
    this.attachments.count(reply.attached);
  }

  say({ text, tone }) {
    if (!text) this.asked++;
    if (!text) this.counted = null;
    setText(this.tokens, text);
    setClass(this.tokens, `nb-tokens nb-tone-${tone}`);
  }
}
