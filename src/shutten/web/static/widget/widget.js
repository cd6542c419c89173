// Puts the parts together, one widget for each script element.

const MOST_HISTORY = 4;
const MOST_SUGGESTED = 200;

class Widget {
  constructor(options) {
    this.options = options;
    this.texts = TEXTS[options.lang];
    this.app = new App(options);
    this.history = [];
    this.suggested = []; // who did not ask one does not want to see it again
    this.scope = null;
    this.frame = new Frame(options, this.texts, {
      onAsk: (question) => this.ask(question),
      onStop: () => this.asking?.abort(),
      onToggle: () => this.toggle(),
    });
    document.documentElement.append(this.frame.host);
    this.watchPage();
  }

  watchPage() {
    document.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || isComposing(event) || isEditing(event)) return;
      if (!isShortcut(event)) return;
      event.preventDefault();
      this.toggle();
    });
    if (this.options.button) document.addEventListener("click", (event) => this.ownButton(event));
    const recolour = () => this.frame.colour();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
    for (const element of [document.documentElement, document.body]) {
      new MutationObserver(recolour).observe(element, { attributes: true });
    }
  }

  ownButton(event) {
    if (!event.target.closest?.(this.options.button)) return;
    event.preventDefault();
    this.open();
  }

  open({ question = "" } = {}) {
    if (!this.frame.isOpen) {
      this.frame.open();
      tell("open", {});
      this.resolveScope().catch((error) => this.frame.noteScope(this.wordsFor(error)));
    }
    if (String(question).trim()) this.ask(String(question));
  }

  close() {
    this.frame.close();
  }

  toggle() {
    if (this.frame.isOpen) this.close();
    else this.open();
  }

  // ── asking ──

  async ask(text) {
    const question = text.trim();
    if (this.frame.busy) return;
    if (!question) return this.frame.say(this.texts.empty);
    this.asking?.abort(); // nobody waits any longer for what can be asked next
    this.frame.log.querySelector(".following")?.remove();
    const growing = new GrowingAnswer(this.texts);
    const asked = make("p", { class: "asked", lang: languageOf(question) }, question);
    const turn = make("article", { class: "turn" }, asked, growing.element);
    this.asking = new AbortController();
    this.frame.add(turn);
    this.frame.complain("");
    this.frame.setBusy(true);
    this.frame.setQuestion("");
    this.frame.say(this.texts.searching);
    tell("ask", { question });
    try {
      const { answer, events } = await this.answerTo(question, growing);
      const drawn = this.drawn(answer);
      growing.element.replaceWith(drawn);
      this.finish(question, answer);
      this.drawNext(drawn, events);
    } catch (error) {
      this.fail(growing, error, question);
    } finally {
      this.frame.setBusy(false);
      this.frame.scrollTo(turn);
    }
  }

  async answerTo(question, growing) {
    const body = { question, history: this.history, suggest: true, suggested: this.suggested };
    const ids = await this.resolveScope();
    if (ids?.length) body.article_ids = ids;
    let answer = null;
    const listen = (name, value) => {
      if (name === "done") answer = value;
      else growing.listen(name, value);
    };
    const events = await this.app.ask(body, listen, this.asking.signal);
    return { answer, events };
  }

  // What can be asked next comes behind the answer, which is complete without it.
  async drawNext(drawn, events) {
    try {
      for await (const [name, { suggestions }] of events) {
        if (name !== "suggestions" || !suggestions.length || !drawn.isConnected) continue;
        this.suggested = [...this.suggested, ...suggestions].slice(-MOST_SUGGESTED);
        drawn.append(drawFollowing(suggestions, this.texts, (question) => this.askNext(question)));
      }
    } catch {
      // The next question has been asked, or the connection is gone: the answer stands.
    }
  }

  // The button that was pressed goes away with its list.
  askNext(question) {
    if (!this.frame.busy) this.frame.focusLog();
    this.ask(question);
  }

  finish(question, answer) {
    const { texts } = this;
    const turn = { question, answer: answer.text };
    this.history = [...this.history, turn].slice(-MOST_HISTORY);
    const spoken = { text: bareOfMarkers(answer.text), count: answer.citations.length };
    if (answer.unsure) spoken.text = `${texts.unsure}: ${spoken.text}`;
    this.frame.say(answer.refused ? answer.text : fill(texts.answered, spoken));
    tell("answer", { answer });
  }

  fail(growing, error, question) {
    const words = this.wordsFor(error);
    const kind = error.name === "AbortError" ? "notice" : "error";
    growing.element.replaceWith(make("p", { class: kind }, words));
    this.frame.setQuestion(question);
    this.frame.say(words);
  }

  wordsFor(error) {
    const { texts } = this;
    if (error.name === "AbortError") return texts.stopped;
    if (error instanceof Told) return error.message;
    if (error instanceof Untold) {
      return fill(texts[error.message], { origin: location.origin, ...error.values });
    }
    console.error(error);
    return fill(texts.failed, { status: error.name });
  }

  // Which articles are asked; null means all. A list that could not be had is asked for again.
  resolveScope() {
    if (this.options.scope === "all") return Promise.resolve(null);
    this.scope ??= this.findScope().catch((error) => {
      this.scope = null;
      throw error;
    });
    return this.scope;
  }

  async findScope() {
    const { scope } = this.options;
    const { texts } = this;
    const ids = articlesInScope(scope, await this.app.articles());
    const found = scope === "page" ? texts.scopePage : texts.scopeNamespace;
    this.frame.noteScope(fill(ids.length ? found : texts.scopeMissing, { count: ids.length }));
    return ids;
  }

  // ── what an answer can do ──

  drawn(answer) {
    const drawn = drawAnswer(answer, this.texts, (...given) => this.pointer(answer, ...given));
    if (saysNothing(answer)) return drawn;
    drawn.append(make("div", { class: "tools" }, this.drawCopying(answer), this.drawRating(answer)));
    return drawn;
  }

  // The way to a sentence: in this page, in another page, or at least in the list below.
  pointer(answer, citation, attributes, ...children) {
    const link = sentenceLink(citation, answer.language);
    if (link) return this.drawLink(link, citation, attributes, children);
    if (attributes.class !== "marker") return make("span", attributes, ...children);
    const follow = (event) => {
      tell("source", { citation, where: "list" });
      showInList(event.currentTarget, citation.marker);
    };
    return make("button", { ...attributes, type: "button", onclick: follow }, ...children);
  }

  // Which page this is shows at the click: some sites change it without loading another.
  drawLink(link, citation, attributes, children) {
    const { title, url } = citation;
    const named = attributes["aria-label"] ?? null;
    const label = isThisPage(url) ? named : fill(this.texts.newTab, { title: named ?? title });
    const follow = (event) => {
      const here = isThisPage(url) && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      tell("source", { citation, where: here ? "page" : "tab" });
      if (!here) return;
      event.preventDefault();
      this.showHere(citation);
    };
    const target = { href: link, target: "_blank", rel: "noopener noreferrer", onclick: follow };
    return make("a", { ...attributes, ...target, "aria-label": label }, ...children);
  }

  showHere(citation) {
    const found = showInPage(citation);
    this.frame.say(found ? this.texts.shown : this.texts.notShown);
    if (found && this.frame.isNarrow) this.close();
    this.frame.complain(found ? "" : this.texts.notShown);
  }

  drawCopying(answer) {
    const { wiki } = this.options;
    const button = (format, name) => make("button", { type: "button", class: "copy",
      "data-format": format, onclick: (event) => this.copy(answer, format, event.currentTarget) }, name);
    const named = WIKIS[wiki] && fill(this.texts.copyWiki, { wiki: WIKIS[wiki] });
    return make("p", { class: "copying" }, button("text", this.texts.copy),
      named ? button(wiki, named) : null);
  }

  async copy(answer, format, button) {
    try {
      await copyText(this.app.written(answer, format), this.frame.root);
      button.focus({ preventScroll: true });
      this.frame.complain("");
      this.frame.say(this.texts.copied);
      showFor(button, this.texts.copied);
    } catch (error) {
      this.frame.complain(error.name === "CopyError" ? this.texts.notCopied : this.wordsFor(error));
    }
  }

  drawRating(answer) {
    const group = make("p", { class: "rating" });
    let sent = false;
    const rate = async (rating) => {
      if (sent) return;
      sent = true;
      tell("feedback", { rating, answer_id: answer.id });
      try {
        await this.app.rate(rating, answer);
        group.replaceChildren(this.texts.thanks);
        this.frame.say(this.texts.thanks);
        this.frame.focusLog();
      } catch (error) {
        sent = false;
        this.frame.complain(this.wordsFor(error));
      }
    };
    const button = (rating, name, picture) => make("button",
      { type: "button", class: "plain", "aria-label": name, title: name, "data-rating": rating,
        onclick: () => rate(rating) }, icon(picture));
    group.append(button("up", this.texts.useful, "up"), button("down", this.texts.useless, "down"));
    return group;
  }
}

const SHOWN_MILLISECONDS = 2500;

function showFor(button, text) {
  if (button.dataset.idle) return;
  button.dataset.idle = button.textContent;
  button.textContent = text;
  setTimeout(() => {
    button.textContent = button.dataset.idle;
    delete button.dataset.idle;
  }, SHOWN_MILLISECONDS);
}

// The clipboard is asked for within the click: some browsers refuse it to who comes later.
async function copyText(promised, place) {
  const blob = promised.then((text) => new Blob([text], { type: "text/plain" }));
  blob.catch(() => {}); // it is told below
  try {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
  } catch {
    copyByHand(await promised, place);
  }
}

// On a page without https there is no clipboard to ask for.
function copyByHand(text, place) {
  const area = make("textarea", { class: "quiet", "aria-hidden": "true" });
  area.value = text;
  place.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (!copied) throw Object.assign(new Error("the browser did not copy"), { name: "CopyError" });
}

const bareOfMarkers = (text) => text.replace(/\[\d+\]/g, "");

function showInList(button, marker) {
  button.closest(".answer").querySelector(`.source[data-marker="${marker}"]`)?.focus();
}

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(`shutten:${name}`, { bubbles: true, detail }));
}

// Where the page itself is written in, its editor has the keys.
function isEditing(event) {
  const element = event.composedPath()[0];
  if (!(element instanceof Element)) return false;
  return element.matches("input, textarea, select") || element.isContentEditable;
}

// The same line twice in a page, as templates do by mistake, makes one widget.
function start(script) {
  const key = JSON.stringify([script.src, { ...script.dataset }]);
  const api = window.Shutten ?? { widgets: [] };
  if (api.widgets?.some((each) => each.key === key)) return;
  const widget = new Widget(readOptions(script));
  const [open, close] = [(wish) => widget.open(wish), () => widget.close()];
  const handle = Object.freeze({ key, open, close });
  if (api.widgets) api.widgets.push(handle);
  if (!window.Shutten) window.Shutten = { ...handle, widgets: api.widgets };
}

const script = document.currentScript ?? document.querySelector("script[src*='/widget.js']");
if (document.body) start(script);
else document.addEventListener("DOMContentLoaded", () => start(script), { once: true });
