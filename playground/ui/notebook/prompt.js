// A prompt's text field: it counts how many tokens it holds. Knows nothing of runs.

const COUNT_PAUSE_MS = 250;
const LONG_TEXT = 100_000;

class Prompt extends CellText {
  constructor(id) {
    super(id, t('Prompt'), t('Ask both models the same question…'));
    this.asked = 0;
    this.timer = 0;
    this.field.addEventListener('focus', () => this.count(0));
    this.tokens = h('span', { class: 'nb-tokens' });
  }

  typed() {
    super.typed();
    this.count(this.text.length > LONG_TEXT ? 4 * COUNT_PAUSE_MS : COUNT_PAUSE_MS);
    drawExamples();
    drawToolbarState();
  }

  count(pause) {
    clearTimeout(this.timer);
    if (!this.text) return this.say({ text: '', tone: 'plain' });
    this.timer = setTimeout(() => this.askCount(), pause);
  }

  async askCount() {
    const prompt = this.text;
    if (prompt === this.counted) return;
    const turn = ++this.asked;
    const reply = await ask('count', { prompt });
    if (turn !== this.asked || !reply) return; // only the latest question's answer counts
    this.counted = prompt;
    this.say(reply);
  }

  say({ text, tone }) {
    if (!text) this.asked++;
    if (!text) this.counted = null;
    setText(this.tokens, text);
    setClass(this.tokens, `nb-tokens nb-tone-${tone}`);
  }
}
