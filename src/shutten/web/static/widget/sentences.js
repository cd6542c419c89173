// Finds a quoted sentence in the page and highlights it without changing the page.

const HIGHLIGHT = "shutten";
const NOT_READ = "script, style, noscript, template, textarea, select, rt, rp";
const FOOTNOTE_MARKS = "sup:has(a[href*='#']), sup.reference, a.footnote-ref, a.fn_top";
const BRACKETED_NUMBER = /[[［〔【]\s*\d+\s*[\]］〕】]/g;
const CLOSING = /[。．.!?！？」』）)\]”’]/;

// Offsets of the answers count code points, those of strings UTF-16 units.
function cut(text, start, end) {
  return [...text].slice(start, end).join("");
}

// Links and pictures of Markdown are shown as their words.
const TARGET = String.raw`\((?:[^()\n]|\([^()\n]*\))*\)`;
const PICTURE = String.raw`!\[([^\[\]\n]*)\]${TARGET}`;
const LINKED = String.raw`(?<!!)\[((?!\d+\])(?:[^\[\]\n]|${PICTURE.replace("(", "(?:")})*)\]${TARGET}`;

function markingOf(text) {
  const spans = [LINKED, PICTURE].flatMap((pattern) =>
    [...text.matchAll(new RegExp(pattern, "gd"))].flatMap(({ indices: [[start, end], [from, to]] }) =>
      [[start, from], [to, end]]));
  return (at) => spans.some(([start, end]) => start <= at && at < end);
}

function readableParts(parts) {
  const isMarking = markingOf(parts.join(""));
  let at = 0;
  return parts.map((part) => part.split("").filter(() => !isMarking(at++)).join(""));
}

const readable = (text) => readableParts([text])[0];

// The characters of the page that are not white space, each with the place it stands in.
function pageCharacters(root) {
  const found = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, {
    acceptNode: (node) => (node.nodeType === Node.ELEMENT_NODE ? acceptElement(node) : 1),
  });
  while (walker.nextNode()) {
    const node = walker.currentNode;
    let at = 0;
    for (const letter of node.data) {
      if (/\S/u.test(letter)) found.push({ node, at, letter: letter.normalize("NFKC") });
      at += letter.length;
    }
  }
  return found;
}

function acceptElement(element) {
  const skipped = element.matches(NOT_READ) || element.matches(FOOTNOTE_MARKS);
  return skipped ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
}

const everyLetter = () => true;
const wordLetter = (letter) => /[\p{L}\p{N}]/u.test(letter);

function lettersOf(text, counts) {
  return [...text.normalize("NFKC")].filter((each) => /\S/u.test(each) && counts(each)).join("");
}

// Returns [first, last] of `characters`, or null. Only letters that `counts` are compared.
function findLetters(characters, sought, counts) {
  const places = [];
  let text = "";
  characters.forEach(({ letter }, index) => {
    for (const each of letter) {
      if (!counts(each)) continue;
      text += each;
      for (let unit = 0; unit < each.length; unit++) places.push(index);
    }
  });
  const wanted = lettersOf(sought.quote, counts);
  const [before, after] = [sought.before, sought.after].map((each) =>
    lettersOf((each ?? "").replace(MARKDOWN, "$1"), counts));
  const at = wanted ? placeOfText(text, wanted, before, after) : -1;
  return at < 0 ? null : [places[at], places[at + wanted.length - 1]];
}

// Where the words stand that have these before or after them, else where they stand first.
function placeOfText(text, wanted, before, after) {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    if (before && text.endsWith(before, at)) return at;
    if (after && text.startsWith(after, at + wanted.length)) return at;
  }
  return text.indexOf(wanted);
}

// From strict to lenient: as quoted, without footnote numbers, then by letters and digits alone,
// which also finds what was quoted from wiki or Markdown source.
function findSentence(citation, root = document.body) {
  const characters = pageCharacters(root);
  const words = readable(citation.quote);
  const plain = words.replace(BRACKETED_NUMBER, "");
  for (const counts of [everyLetter, wordLetter]) {
    for (const quote of [citation.quote, words, plain]) {
      const found = findLetters(characters, { ...citation, quote }, counts);
      if (found) return asRange(characters, found, counts === wordLetter);
    }
  }
  return null;
}

function asRange(characters, [first, last], lenient) {
  while (lenient && CLOSING.test(characters[last + 1]?.letter ?? "")) last++;
  const end = characters[last];
  const range = document.createRange();
  range.setStart(characters[first].node, characters[first].at);
  range.setEnd(end.node, end.at + String.fromCodePoint(end.node.data.codePointAt(end.at)).length);
  return range;
}

// ── showing ──────────────────────────────────────────────────────────────────────────────

const highlightSheet = new CSSStyleSheet();
highlightSheet.replaceSync(`::highlight(${HIGHLIGHT}) { background-color: #f6cf5b; color: #23262d; }`);

function highlight(range) {
  if (!document.adoptedStyleSheets.includes(highlightSheet)) {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, highlightSheet];
  }
  CSS.highlights.set(HIGHLIGHT, new Highlight(range));
}

function scrollToRange(range) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const element = range.startContainer.parentElement;
  for (let each = element; each; each = each.parentElement) {
    if (each instanceof HTMLDetailsElement) each.open = true;
  }
  element.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
}

function select(range) {
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

// Says whether the page has the sentence. Where highlights are not known, it is selected.
function showInPage(citation) {
  const range = findSentence(citation);
  if (!range) return false;
  if (CSS.highlights) highlight(range);
  else select(range);
  scrollToRange(range);
  return true;
}
