// What the page's author asks for: data attributes of the script, or the same names in its address.

const WIKIS = { dokuwiki: "DokuWiki", mediawiki: "MediaWiki" };

const POSITIONS = ["bottom-right", "bottom-left", "top-right", "top-left"];

function oneOf(value, allowed) {
  return allowed.includes(value) ? value : allowed[0];
}

function webAddress(value, base) {
  try {
    const url = new URL(value, base);
    return url.protocol === "http:" || url.protocol === "https:" ? url : null;
  } catch {
    return null;
  }
}

function chosenLanguage(wanted) {
  if (wanted === "ja" || wanted === "en") return wanted;
  const pages = document.documentElement.lang || navigator.language || "";
  return /^ja\b/i.test(pages) ? "ja" : "en";
}

// Whose text can be copied: DokuWiki and MediaWiki name themselves in their pages.
function chosenWiki(wanted) {
  const maker = document.querySelector("meta[name='generator' i]")?.content ?? "";
  const named = Object.keys(WIKIS).find((name) => maker.toLowerCase().startsWith(name)) ?? "none";
  return oneOf(wanted, [named, "none", ...Object.keys(WIKIS)]);
}

// The app is where the script comes from, unless `base` says otherwise.
function appAddress(wanted, source) {
  const url = (wanted && webAddress(wanted, source)) || new URL(".", source);
  return `${url.origin}${url.pathname.replace(/\/*$/, "/")}`;
}

function readOptions(script) {
  const source = new URL(script.src, location.href);
  const read = (name) => script.dataset[name] ?? source.searchParams.get(name) ?? "";
  const colour = read("colour") || read("color");
  return {
    base: appAddress(read("base"), source),
    lang: chosenLanguage(read("lang")),
    theme: oneOf(read("theme"), ["auto", "light", "dark"]),
    position: oneOf(read("position"), POSITIONS),
    scope: oneOf(read("scope"), ["all", "page", "namespace"]),
    colour: CSS.supports("color", colour) ? colour : "",
    button: read("button"),
    wiki: chosenWiki(read("wiki")),
    examples: read("examples").split("|").map((each) => each.trim()).filter(Boolean),
  };
}
