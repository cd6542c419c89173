// The button and the panel: what they look like to the page, the keyboard and a screen reader.

const NARROW = "(max-width: 640px)";

const HALFWAY = 0.179; // the luminance on which black and white are equally readable

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);

class Frame {
  constructor(options, texts, { onAsk, onStop, onToggle }) {
    this.options = options;
    this.texts = texts;
    this.on = { ask: onAsk, stop: onStop, toggle: onToggle };
    this.host = make("shutten-widget");
    this.shadow = this.host.attachShadow({ mode: "open" });
    this.shadow.adoptedStyleSheets = [sheet];
    this.draw();
    this.watchKeys();
    this.colour();
  }

  draw() {
    const { texts, options } = this;
    this.launcher = options.button ? null : make("button",
      { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false",
        "aria-keyshortcuts": "Control+I Meta+I", onclick: () => this.on.toggle() },
      icon("ask"), make("span", {}, texts.launch));
    this.status = make("p", { class: "quiet", role: "status", "aria-live": "polite" });
    this.log = make("div", { class: "log", tabindex: "-1" }, this.drawWelcome());
    this.scopeNote = make("p", { class: "scope", hidden: true });
    this.complaint = make("p", { class: "error", hidden: true });
    this.dialog = make("div",
      { class: "panel", role: "dialog", "aria-labelledby": "title", hidden: true },
      this.drawHead(), this.log, make("div", { class: "foot" }, this.complaint, this.scopeNote, this.drawForm()));
    this.root = make("div", { class: `root ${options.position}`, lang: options.lang },
      ...[this.launcher, this.dialog, this.status].filter(Boolean));
    this.shadow.append(this.root);
  }

  drawHead() {
    return make("div", { class: "head" },
      make("h2", { id: "title" }, this.texts.title),
      make("button", { type: "button", class: "plain", "aria-label": this.texts.close,
        onclick: () => this.on.toggle() }, icon("close")));
  }

  drawWelcome() {
    const { texts, options } = this;
    const examples = options.examples.map((question) =>
      make("li", {}, make("button", { type: "button", class: "example", lang: languageOf(question),
        onclick: () => this.on.ask(question) }, question)));
    return make("div", { class: "welcome" },
      make("p", { class: "lead" }, texts.welcome), make("p", {}, texts.hint),
      examples.length ? make("h3", {}, texts.examples) : null,
      examples.length ? make("ul", {}, ...examples) : null);
  }

  drawForm() {
    const { texts } = this;
    this.field = make("textarea", { rows: "1", "aria-label": texts.question,
      placeholder: texts.placeholder, autocomplete: "off", enterkeyhint: "send" });
    this.field.addEventListener("keydown", (event) => this.enter(event));
    this.field.addEventListener("input", () => this.fit());
    this.button = make("button", { type: "button", class: "send",
      onclick: () => (this.busy ? this.on.stop() : this.on.ask(this.field.value)) });
    this.setBusy(false);
    return make("div", { class: "form" }, this.field, this.button);
  }

  // ── state ──

  get isOpen() {
    return !this.dialog.hidden;
  }

  open() {
    if (this.isOpen) return;
    this.returnTo = this.focused();
    this.colour();
    this.dialog.setAttribute("aria-modal", String(this.isNarrow));
    this.dialog.hidden = false;
    this.expanded(true);
    this.field.focus({ preventScroll: true });
  }

  close() {
    if (!this.isOpen) return;
    const hadFocus = this.host.matches(":focus-within") || document.activeElement === this.host;
    this.dialog.hidden = true;
    this.expanded(false);
    const target = this.returnTo?.isConnected ? this.returnTo : this.launcher;
    if (hadFocus) target?.focus({ preventScroll: true });
  }

  get isNarrow() {
    return matchMedia(NARROW).matches;
  }

  // Where the keyboard was; the whole page counts as nowhere.
  focused() {
    const element = document.activeElement;
    const nowhere = [null, document.body, document.documentElement, this.host];
    return nowhere.includes(element) ? this.launcher : element;
  }

  expanded(isOpen) {
    this.root.classList.toggle("open", isOpen);
    this.launcher?.setAttribute("aria-expanded", String(isOpen));
  }

  setBusy(busy) {
    const name = busy ? this.texts.stop : this.texts.send;
    this.busy = busy;
    this.button.setAttribute("aria-label", name);
    this.button.title = name;
    this.button.replaceChildren(icon(busy ? "stop" : "send"));
  }

  setQuestion(question) {
    this.field.value = question;
    this.fit();
  }

  say(text) {
    this.status.textContent = text;
  }

  complain(text) {
    this.complaint.textContent = text;
    this.complaint.hidden = !text;
  }

  noteScope(text) {
    this.scopeNote.textContent = text;
    this.scopeNote.hidden = false;
  }

  add(turn) {
    const welcome = this.log.querySelector(".welcome");
    if (welcome?.contains(this.shadow.activeElement)) this.focusLog();
    welcome?.remove();
    this.log.append(turn);
    this.scrollTo(turn);
  }

  // For the keyboard, where what had the focus goes away. The field would call up a phone's keys.
  focusLog() {
    this.log.focus({ preventScroll: true });
  }

  scrollTo(turn) {
    this.log.scrollTop = turn.firstChild.offsetTop - 16;
  }

  fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight + 2, 140)}px`;
  }

  // ── keyboard ──

  watchKeys() {
    this.shadow.addEventListener("keydown", (event) => this.key(event));
    // Outside the shadow tree the target is not a text field any more, so the page's own
    // single-key shortcuts would take what is typed here.
    for (const kind of ["keydown", "keypress", "keyup"]) {
      this.shadow.addEventListener(kind, (event) => event.stopPropagation());
    }
  }

  key(event) {
    if (isComposing(event)) return;
    if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      this.on.toggle();
    } else if (isShortcut(event)) {
      event.preventDefault();
      this.on.toggle();
    } else if (event.key === "Tab" && this.isOpen) this.keepInside(event);
  }

  keepInside(event) {
    const all = [...this.dialog.querySelectorAll("button, a[href], textarea, summary")];
    const [first, last] = [all[0], all[all.length - 1]];
    const leaving = event.shiftKey ? first : last;
    if (this.shadow.activeElement !== leaving) return;
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }

  enter(event) {
    if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    if (!this.busy) this.on.ask(this.field.value);
  }

  // ── light and dark ──

  colour() {
    const { theme, colour } = this.options;
    const dark = theme === "auto" ? isDarkPage() : theme === "dark";
    this.root.dataset.theme = dark ? "dark" : "light";
    if (!colour) return;
    this.root.style.setProperty("--accent", colour);
    this.root.style.setProperty("--on-accent", brightness(colour) > HALFWAY ? "#000" : "#fff");
  }
}

// Enter that ends a conversion of kana must not send; Safari says so by the key code alone.
function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

function isShortcut(event) {
  const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  return command && event.key.toLowerCase() === "i";
}

function rgba(colour) {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].map((part) => part / 255);
}

// The relative luminance of a colour, from 0 to 1.
function brightness(colour) {
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const [red, green, blue] = rgba(colour).map(linear);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

// What the page looks like counts, not what the system prefers: many wikis have a switch of their own.
function isDarkPage() {
  for (const element of [document.body, document.documentElement]) {
    const ground = getComputedStyle(element).backgroundColor;
    if (rgba(ground)[3] > 0.5) return brightness(ground) < 0.3;
  }
  const schemes = getComputedStyle(document.documentElement).colorScheme;
  if (!/\bdark\b/.test(schemes)) return false;
  return !/\blight\b/.test(schemes) || matchMedia("(prefers-color-scheme: dark)").matches;
}
