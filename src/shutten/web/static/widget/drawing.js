// Elements of the panel. Text only ever becomes a text node, so markup in it stays text.

const ICONS = {
  ask: "M4 4h16v12H9l-5 4z M8 8h8 M8 12h5",
  close: "M6 6l12 12 M18 6L6 18",
  send: "M12 20V5 M6 11l6-6 6 6",
  stop: "M7 7h10v10H7z",
  up: "M7 11v9H4v-9z M7 11l4-7c1.5 0 2.5 1 2 3l-1 3h6a2 2 0 0 1 2 2l-2 7a1.5 1.5 0 0 1-1.5 1H7",
  down: "M7 13V4H4v9z M7 13l4 7c1.5 0 2.5-1 2-3l-1-3h6a2 2 0 0 0 2-2l-2-7a1.5 1.5 0 0 0-1.5-1H7",
};

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const languageOf = (text) => (/[\u3040-\u30ff\u3400-\u9fff]/.test(text) ? "ja" : "en");

// ── answers ──────────────────────────────────────────────────────────────────────────────

// `pointer(citation, attributes, ...children)` makes the link or button that leads to a sentence.
function drawAnswer(answer, texts, pointer) {
  const { status, unsure } = answer;
  return make("div", { class: `answer ${status}${unsure ? " unsure" : ""}` },
    answer.refused ? null : make("p", { class: "badge" }, texts[unsure ? "unsure" : status] ?? status),
    drawUnderstood(answer, texts),
    ...paragraphsOf(answer).map((text) => drawParagraph(text, answer, texts, pointer)),
    ...answer.notices.map((notice) => make("p", { class: "notice" }, notice)),
    drawRemoved(answer, texts),
    answer.refused ? drawNearest(answer, texts, pointer) : drawSources(answer, texts, pointer));
}

// A greeting is answered in kind: there is nothing to judge or to copy.
function saysNothing({ refusal_reason: reason, hits, notices }) {
  return reason === "not_answered" && !hits.length && !notices.length;
}

// What was put into a follow-up; nothing of a question that stands alone.
function drawUnderstood({ question, standalone_question: whole }, texts) {
  const words = (text) => text.trim().split(/\s+/).join(" ");
  if (words(question) === words(whole)) return null;
  return make("p", { class: "understood" }, fill(texts.understood, { question: whole }));
}

// Closed until somebody wants to see what was removed, and why.
function drawRemoved({ removed: all }, texts) {
  if (!all.length) return null;
  // One that several samples wrote counts once.
  const removed = all.filter(({ text }, at) => all.findIndex((each) => each.text === text) === at);
  const items = removed.map(({ text, problem }) => make("li", {},
    make("del", { lang: languageOf(text) }, text), problem ? make("small", {}, problem) : null));
  return make("details", { class: "removed" },
    make("summary", {}, fill(texts.removed, { count: removed.length })), make("ul", {}, ...items));
}

// Questions to ask next; `ask` asks one.
function drawFollowing(questions, texts, ask) {
  const items = questions.map((question) => make("li", {},
    make("button", { type: "button", class: "next", lang: languageOf(question),
      onclick: () => ask(question) }, question)));
  return make("section", { class: "following" },
    make("h3", {}, texts.following), make("ul", {}, ...items));
}

const bare = (text) => text.replace(/\[\d+\]/g, "").replace(/\s+/g, "");

// Beside a short answer, a sentence that stands word for word among the sources is shown there.
function paragraphsOf(answer) {
  const paragraphs = answer.text.split(/\n\s*\n/).filter((text) => text.trim());
  if (!answer.short_answer) return paragraphs;
  const quoted = new Set(answer.citations.map(({ quote }) => bare(quote)));
  return paragraphs.filter((text, index) => index === 0 || !quoted.has(bare(text)));
}

// A row of a table stands in the text as it does in its article; it is shown under its columns.
function inWords(text, { citations }) {
  const found = citations.find(({ quote, row }) => row && bare(quote) === bare(text));
  return found ? `${found.row}[${found.marker}]` : text;
}

function drawParagraph(text, answer, texts, pointer) {
  const isShort = answer.short_answer !== null && bare(text) === bare(answer.short_answer);
  const paragraph = make("p", { class: isShort ? "text short" : "text", lang: languageOf(text) });
  let before = "";
  for (const part of inWords(text, answer).split(/(\[\d+\])/)) {
    const citation = answer.citations.find(({ marker }) => part === `[${marker}]`);
    paragraph.append(citation ? drawMarker(citation, before, texts, pointer) : readable(part));
    before = part;
  }
  return paragraph;
}

// `before` is the text that the marker belongs to; a full stop of Japanese is half empty itself.
function drawMarker(citation, before, texts, pointer) {
  const quote = readable(shown(citation));
  const name = fill(texts.cite, { number: citation.marker, quote });
  const attributes = { class: /[。」』）、]$/.test(before) ? "marker behind-stop" : "marker", "aria-label": name, title: quote };
  return pointer(citation, attributes, `[${citation.marker}]`);
}

function drawSources(answer, texts, pointer) {
  const items = answer.citations.map((citation) => drawSource(citation, texts, pointer));
  const list = make("ol", {}, ...items);
  return make("section", { class: "sources" }, make("h3", {}, texts.sources), list);
}

function drawSource(citation, texts, pointer) {
  return make("li", { class: "source", "data-marker": citation.marker, tabindex: "-1" },
    make("span", { class: "number", "aria-hidden": "true" }, String(citation.marker)),
    make("blockquote", { lang: languageOf(shown(citation)) }, ...quoteParts(citation)),
    make("p", { class: "place" }, pointer(citation, { class: "title" }, citation.title), " ",
      make("span", { class: "where" }, placeOf(citation, texts))));
}

const shown = ({ row, quote }) => row || quote;

function quoteParts(citation) {
  const quote = shown(citation);
  const [start, end] = citation.row
    ? [citation.row_start, citation.row_end]
    : [citation.answer_start, citation.answer_end];
  if (start === null || end === null) return [readable(quote)];
  const parts = [cut(quote, 0, start), cut(quote, start, end), cut(quote, end)];
  const [before, words, after] = readableParts(parts);
  return [before, make("mark", {}, words), after];
}

function placeOf({ sentence, page, heading }, texts) {
  const places = heading ? [readable(heading)] : [];
  if (page) places.push(fill(texts.page, { number: page }));
  return [...places, fill(texts.sentence, { number: sentence })].join(" · ");
}

const MOST_NEAREST = 3;

function drawNearest(answer, texts, pointer) {
  if (!answer.hits.length) return null;
  const items = answer.hits.slice(0, MOST_NEAREST).map((hit) => drawNear(hit, texts, pointer));
  const list = make("ul", {}, ...items);
  const heading = answer.close ? texts.perhaps : texts.nearest;
  return make("section", { class: "sources" }, make("h3", {}, heading), list);
}

function drawNear(hit, texts, pointer) {
  const title = pointer({ ...hit, quote: hit.text }, { class: "title" }, hit.title);
  return make("li", { class: "source near" },
    make("blockquote", { lang: languageOf(hit.row || hit.text) }, readable(hit.row || hit.text)),
    make("p", { class: "place" }, title, " ",
      make("span", { class: "where" }, placeOf(hit, texts))));
}

// ── an answer on its way ─────────────────────────────────────────────────────────────────

class GrowingAnswer {
  constructor(texts) {
    this.texts = texts;
    this.claims = new Map();
    this.waiting = make("p", { class: "searching" }, texts.searching);
    this.element = make("div", { class: "answer growing", "aria-busy": "true" }, this.waiting);
  }

  listen(name, value) {
    if (name === "claim") this.claim(value);
    if (name === "delta") this.claims.get(value.n)?.firstChild.append(value.text);
  }

  claim({ n, state, text }) {
    const known = this.claims.get(n);
    const label = state === "pending" ? make("small", {}, this.texts.checking) : null;
    const attributes = { class: `text claim ${state}`, lang: languageOf(text) };
    const drawn = make("p", attributes, make("span", {}, text), label);
    this.claims.set(n, drawn);
    if (known) known.replaceWith(drawn);
    else this.element.insertBefore(drawn, this.waiting);
    drawn.hidden = state === "removed";
  }
}
