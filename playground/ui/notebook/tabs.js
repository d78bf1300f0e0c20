// Which tab of this browser keeps the notebook: one at a time. Knows nothing of what is kept.
// Tabs talk over a BroadcastChannel, which works on plain http (navigator.locks does not).

const ANSWER_MS = 250;

class Tabs {
  // `taken` is called when another tab keeps the notebook from now on.
  constructor(name, taken) {
    this.id = `${Date.now()} ${Math.random()}`;
    this.mine = false;
    this.taken = taken;
    this.heard = null;
    this.channel = new BroadcastChannel(name);
    this.channel.onmessage = ({ data }) => this.hear(data);
    life.addEventListener('abort', () => this.channel.close());
  }

  hear({ kind, from }) {
    if (kind === 'ask' && this.mine) this.tell('mine');
    else if (kind === 'mine' && this.heard) this.heard();
    else if (this.mine && (kind === 'take' || (kind === 'mine' && from < this.id))) {
      // Two that opened at the same moment: the older one keeps it.
      this.mine = false;
      this.taken();
    }
  }

  tell(kind) {
    this.channel.postMessage({ kind, from: this.id });
  }

  // True when no other tab keeps the notebook; then this one does.
  async claim() {
    const other = await new Promise((resolve) => {
      this.heard = () => resolve(true);
      this.tell('ask');
      setTimeout(() => resolve(false), ANSWER_MS);
    });
    this.heard = null;
    this.mine = !other;
    if (this.mine) this.tell('mine');
    return this.mine;
  }

  take() {
    this.mine = true;
    this.tell('take');
  }
}
