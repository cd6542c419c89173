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

// ── links with a text fragment ─────────────────────────────────────────────────────────────

const LONG = 48; // characters beyond which a quote is named by its two ends
const END_LENGTH = 12;

function encodedText(text) {
  return encodeURIComponent(text.toWellFormed?.() ?? text).replace(/-/g, "%2D");
}

// A browser finds only what begins and ends at the edge of a word, so the ends are whole words.
function wordsUpTo(words, most) {
  let taken = "";
  for (const word of words) {
    if (taken && (taken + word).length > most) break;
    taken += word;
  }
  return taken;
}

function textDirective(quote, language) {
  const text = quote.replace(/\s+/g, " ").trim();
  if (text.length <= LONG) return encodedText(text);
  const segmenter = new Intl.Segmenter(language, { granularity: "word" });
  const words = [...segmenter.segment(text)].map(({ segment }) => segment);
  const first = wordsUpTo(words, END_LENGTH).trim();
  const last = wordsFromEnd(words, END_LENGTH).trim();
  return `${encodedText(first)},${encodedText(last)}`;
}

function wordsFromEnd(words, most) {
  let taken = "";
  for (const word of [...words].reverse()) {
    if (taken && (word + taken).length > most) break;
    taken = word + taken;
  }
  return taken;
}

// Returns null for an address that is not of the web.
function sentenceLink(citation, language) {
  const url = citation.url ? webAddress(citation.url) : null;
  if (!url) return null;
  const anchor = citation.anchor ? encodeURIComponent(citation.anchor) : url.hash.slice(1);
  url.hash = "";
  const plain = url.href.replace(/#$/, "");
  return `${plain}#${anchor.split(":~:")[0]}:~:text=${textDirective(citation.quote, language)}`;
}
