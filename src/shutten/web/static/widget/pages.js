// Addresses: which page this is, which articles belong to it, and links that point at a sentence.

// One spelling for an address however it is encoded; its fragment and trackers do not count.
function pageKey(address) {
  const url = webAddress(address, location.href);
  if (!url) return null;
  const pairs = [...url.searchParams].filter(([name]) => !/^utm_/.test(name)).sort();
  const query = pairs.map(([name, value]) => `${name}=${value}`).join("&");
  return url.origin + decoded(url.pathname).replace(/\/$/, "") + (query && `?${query}`);
}

function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function ownKeys() {
  const canonical = document.querySelector("link[rel~='canonical'][href]")?.href;
  return [location.href, canonical].filter(Boolean).map(pageKey).filter(Boolean);
}

function isThisPage(address) {
  const key = address && pageKey(address);
  return Boolean(key) && ownKeys().includes(key);
}

// A namespace ends at the last / : or = of an address, as wikis write it (…/wiki/Help:Page,
// …/doku.php?id=project:page).
function namespaceOf(key) {
  return key.slice(0, Math.max(...["/", ":", "="].map((mark) => key.lastIndexOf(mark))) + 1);
}

function articlesInScope(scope, articles) {
  const keys = ownKeys();
  const places = keys.map(namespaceOf);
  const belongs = scope === "page"
    ? (key) => keys.includes(key)
    : (key) => keys.includes(key) || places.some((place) => key.startsWith(place));
  return articles
    .filter(({ url }) => url && pageKey(url) && belongs(pageKey(url)))
    .map(({ id }) => id);
}

// ── links with a text fragment (WICG, URL Fragment Text Directives) ────────────────────────

const LONG = 48; // characters beyond which a quote is named by its two ends alone
const SHORT = 12; // characters below which its ends say too little
const [LEAST_END, MOST_END] = [6, 12]; // in between, an end is a quarter of the quote
const CONTEXT_LENGTH = 20;
const MARKDOWN = /!?\[([^\]]*)\]\([^)]*\)|\*\*|__|`/g;
const FULL_STOP = /[。．.!?！？]+$/; // wikis put footnote marks before it as well as behind it

function encodedText(text) {
  return encodeURIComponent(text.toWellFormed?.() ?? text).replace(/-/g, "%2D");
}

const spaced = (text) => text.replace(/\s+/g, " ").trim();

// The first or last words that are at least so many characters together. A browser finds only what
// begins and ends at the edge of a word.
function someWords(text, least, language, { last = false } = {}) {
  const segmenter = new Intl.Segmenter(language, { granularity: "word" });
  const words = [...segmenter.segment(text)].map(({ segment }) => segment);
  let taken = "";
  for (const word of last ? words.reverse() : words) {
    if (taken.trim().length >= least) break;
    taken = last ? word + taken : taken + word;
  }
  return taken.trim();
}

// Both ends of a text, or null where they would say too little. Cells of a table stand apart.
function endsOf(text, opening, language) {
  const cells = text.split("|").map(spaced).filter(Boolean);
  if (cells.length > 1) return [cells[0], cells[cells.length - 1]];
  if (text.length < SHORT) return null;
  const least = Math.min(MOST_END, Math.max(LEAST_END, Math.floor(text.length / 4)));
  const first = someWords(text, Math.max(least, opening ?? 0), language);
  const rest = text.slice(first.length).trim();
  let last = someWords(rest, least, language, { last: true });
  while (rest.indexOf(last) < rest.length - last.length) {
    last = someWords(rest, last.length + 1, language, { last: true });
  }
  return last && [first, last];
}

// A browser goes to the first directive that it finds: the exact one comes first, and for a page
// with a footnote mark or a line break in the sentence one that names its ends. Where the sentence
// stands above as well, the words before or after it say which is meant.
function textDirectives({ quote, opening, before, after }, language) {
  const full = spaced(quote.replace(MARKDOWN, "$1"));
  const text = full.replace(FULL_STOP, "") || full;
  const ends = endsOf(text, opening, language)?.map(encodedText).join(",");
  const isWhole = !ends || (text.length <= LONG && !text.includes("|"));
  const prefix = before ? `${encodedText(someWords(spaced(before), CONTEXT_LENGTH, language, { last: true }))}-,` : "";
  const suffix = after ? `,-${encodedText(someWords(spaced(after), CONTEXT_LENGTH, language))}` : "";
  return [
    isWhole && (prefix || !suffix) && prefix + encodedText(text),
    suffix && encodedText(full) + suffix,
    ends && (prefix || !suffix) && prefix + ends,
  ].filter(Boolean).map((each) => `text=${each}`).join("&");
}

// Returns null for an address that is not of the web.
function sentenceLink(citation, language) {
  const url = citation.url ? webAddress(citation.url) : null;
  if (!url) return null;
  if (citation.page && !citation.anchor && !url.hash) return `${url.href}#page=${citation.page}`; // a PDF file
  const anchor = citation.anchor ? encodeURIComponent(citation.anchor) : url.hash.slice(1);
  url.hash = "";
  const plain = url.href.replace(/#$/, "");
  return `${plain}#${anchor.split(":~:")[0]}:~:${textDirectives(citation, language)}`;
}
