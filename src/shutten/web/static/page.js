// Follows citations: a marker in an answer shows its sentence in the article beside it.
//
// Everything the page needs to know stands in the addresses of its links (markup.py writes them):
//   #cite/KEY/SENTENCE/START-END/MARKER  a sentence, its answering words, the number it is cited by
//   #read/KEY/SENTENCE   an article        #list   all articles
//   #drop/KEY            an added file that is to go
//   #ask/QUESTION        a question        #answer  back to where one came from
(() => {
  "use strict";
  if (window.shuttenPage) return;
  const shared = (window.shuttenPage = {}); // what controls.js uses

  const byId = (id) => document.getElementById(id);
  const inside = (id, selector) => byId(id)?.querySelector(selector) ?? null;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  let current = null; // the citation that is shown: {key, sentence, start, end, marker, link}
  let lastAnswer = null; // the id of the newest finished answer
  let askedCount = 0; // how many questions the conversation shows
  let takeFocus = false; // whether the sentence may take the keyboard focus
  let shownPage = null; // what the panel showed last
  let arrived = false; // whether the server has set up the page

  // ── reading links ────────────────────────────────────────────────────────────────────────

  function parseCitation(link) {
    const parts = (link.getAttribute("href") ?? "").split("/");
    if (parts[0] !== "#cite" || parts.length !== 5) return null;
    const [start, end] = parts[3].split("-").map(Number);
    return { key: parts[1], sentence: parts[2], start, end, marker: Number(parts[4]), link };
  }

  const shownKey = () => inside("page", ".page")?.id.replace(/^page\//, "") ?? null;
  const sentenceOf = (citation) => inside("page", `#s-${CSS.escape(citation.sentence)}`);

  // ── marking sentences ────────────────────────────────────────────────────────────────────

  // Offsets count code points, strings count UTF-16 units.
  function unitOffset(text, points) {
    let units = 0;
    for (const character of text) {
      if (points-- <= 0) break;
      units += character.length;
    }
    return units;
  }

  function markWords(sentence, start, end) {
    const body = sentence.querySelector(".t");
    if (!body || end <= start) return;
    const text = body.textContent;
    const from = unitOffset(text, start);
    const to = unitOffset(text, end);
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    const pieces = [];
    for (let at = 0, node = walker.nextNode(); node; node = walker.nextNode()) {
      const length = node.data.length;
      const range = [Math.max(from - at, 0), Math.min(to - at, length)];
      if (range[0] < range[1]) pieces.push([node, ...range]);
      at += length;
    }
    for (const [node, first, last] of pieces) {
      const range = document.createRange();
      range.setStart(node, first);
      range.setEnd(node, last);
      range.surroundContents(document.createElement("mark"));
    }
  }

  function unmark() {
    for (const mark of document.querySelectorAll("#page .t mark")) {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      parent.normalize();
    }
    for (const sentence of document.querySelectorAll("#page .s")) {
      sentence.classList.remove("cited", "active", "near");
    }
    for (const link of document.querySelectorAll("#chat .chip.current, #chat .cite.current")) {
      link.classList.remove("current");
    }
  }

  // The sentences that one answer cites are all marked; the one that was chosen stands out.
  function markAnswer(citation) {
    const answer = citation.link.closest(".answer");
    const links = answer ? answer.querySelectorAll("a.chip.cite") : [citation.link];
    const done = new Set();
    for (const link of links) {
      const each = parseCitation(link);
      if (!each || each.key !== citation.key || done.has(each.sentence)) continue;
      const sentence = sentenceOf(each);
      if (!sentence) continue;
      done.add(each.sentence);
      sentence.classList.add("cited");
      markWords(sentence, each.start, each.end);
    }
  }

  // A title or heading that the bar at the top would cut stands below it, where the sentence, which
  // ends at `bottom` in the window, is still seen.
  function withWholeHeading(panel, wanted, bottom) {
    const zero = panel.scrollTop - panel.getBoundingClientRect().top;
    const bar = panel.querySelector(".page-head")?.offsetHeight ?? 0;
    for (const heading of panel.querySelectorAll(".page-title, .heading")) {
      const box = heading.getBoundingClientRect();
      const cut = box.top + zero < wanted + bar && box.bottom + zero > wanted + bar;
      const top = Math.max(box.top + zero - bar - 8, 0);
      if (cut && bottom + zero - top <= panel.clientHeight) return top;
    }
    return wanted;
  }

  function scrollTo(sentence, { atOnce }) {
    const behaviour = atOnce || calm.matches ? "auto" : "smooth";
    const panel = byId("reading");
    const scrolls = panel && panel.scrollHeight > panel.clientHeight + 1;
    if (scrolls) {
      const room = panel.getBoundingClientRect();
      const place = sentence.getBoundingClientRect();
      const above = Math.max((room.height - place.height) / 3, 56);
      const wanted = panel.scrollTop + place.top - room.top - above;
      const top = withWholeHeading(panel, Math.max(wanted, 0), place.bottom);
      panel.scrollTo({ top, behavior: behaviour });
    }
    if (takeFocus) {
      const room = (scrolls ? panel : sentence).getBoundingClientRect();
      if (room.bottom > innerHeight || room.top < 0) {
        (scrolls ? panel : sentence).scrollIntoView({ block: "center", behavior: behaviour });
      }
    }
  }

  function show({ atOnce = false } = {}) {
    if (!current || shownKey() !== current.key) return false;
    const sentence = sentenceOf(current);
    if (!sentence) return false;
    unmark();
    if (current.marker > 0) markAnswer(current);
    sentence.classList.add(current.marker > 0 ? "active" : "near");
    current.link.classList.add("current");
    scrollTo(sentence, { atOnce });
    if (takeFocus) sentence.focus({ preventScroll: true });
    takeFocus = false;
    return true;
  }

  // ── asking the server ────────────────────────────────────────────────────────────────────

  function fill(id, value) {
    const field = inside(id, "textarea, input");
    if (!field) return false;
    const kind = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(field, value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }

  function press(id) {
    const element = byId(id);
    (element?.matches("button") ? element : element?.querySelector("button"))?.click();
  }

  function openPage(address) {
    if (fill("address", address)) setTimeout(() => press("open"), 0);
  }

  function follow(citation, { focus }) {
    current = citation;
    takeFocus = focus;
    if (!show()) openPage(`${citation.key}/${citation.sentence}`);
  }

  // ── what the visitor does ────────────────────────────────────────────────────────────────

  const actions = {
    "#cite": (link) => {
      const citation = parseCitation(link);
      if (citation) follow(citation, { focus: true });
    },
    "#read": (link) => {
      unmark();
      current = null;
      openPage(link.getAttribute("href").slice("#read/".length));
    },
    "#list": () => {
      unmark();
      current = null;
      openPage("list");
    },
    "#ask": (link) => {
      const question = decodeURIComponent(link.getAttribute("href").slice("#ask/".length));
      if (!fill("question", question)) return;
      focusQuestion();
      setTimeout(() => press("send"), 0);
    },
    "#answer": () => backToAnswer(),
    "#drop": (link) => {
      if (!isSure(link)) return;
      unmark();
      current = null;
      if (fill("address", link.getAttribute("href").slice("#drop/".length))) {
        setTimeout(() => press("drop"), 0);
      }
    },
  };

  // What cannot be undone is to be pressed twice, and not by a double click. A frame on another site
  // may not open a question of the browser's own.
  const SURE_MILLISECONDS = 6000;
  const DOUBLE_CLICK_MILLISECONDS = 500;

  function isSure(element) {
    const since = performance.now() - Number(element.dataset.since ?? -Infinity);
    if (since < DOUBLE_CLICK_MILLISECONDS) return false;
    if (element.dataset.sure && since < SURE_MILLISECONDS) {
      delete element.dataset.sure;
      return true;
    }
    element.dataset.since = performance.now();
    element.dataset.sure = words().sure;
    say(words().sure);
    setTimeout(() => delete element.dataset.sure, SURE_MILLISECONDS);
    return false;
  }

  function backToAnswer() {
    const newest = [...document.querySelectorAll("#chat .answer")].at(-1);
    const link = current?.link.isConnected ? current.link : newest;
    link?.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
    link?.focus({ preventScroll: true });
  }

  // Not in a frame: there it would take the keyboard from the page around it.
  function focusQuestion() {
    if (window.top === window) inside("question", "textarea")?.focus({ preventScroll: true });
  }

  // ── taking answers along ─────────────────────────────────────────────────────────────────

  const SHOWN_MILLISECONDS = 2500; // how long a button says that it has worked

  const answerOf = (element) => JSON.parse(element.querySelector(".answer-data:not(.answer-place)").textContent);

  function wishOf(button) {
    const format = [...button.classList].find((name) => name.startsWith("as-")).slice(3);
    if (!button.classList.contains("all")) {
      return { format, answer: answerOf(button.closest(".answer")), part: true };
    }
    const answers = [...document.querySelectorAll("#chat .answer.final")].map(answerOf);
    return { format, answers };
  }

  async function exported(wish) {
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify(wish);
    const response = await fetch("export", { method: "POST", headers, body });
    if (!response.ok) throw new Error(`export: ${response.status}`);
    return response.json();
  }

  // The clipboard is asked for within the click: some browsers refuse it to who comes later.
  async function copyExport(wish) {
    const made = exported(wish);
    const part = (type) => {
      const blob = made.then(({ text }) => new Blob([text], { type }));
      blob.catch(() => {});
      return blob;
    };
    const parts = { "text/plain": part("text/plain") };
    if (wish.format === "html") parts["text/html"] = part("text/html");
    try {
      await navigator.clipboard.write([new ClipboardItem(parts)]);
    } catch {
      copyByHand((await made).text);
    }
  }

  // For a frame without the permission, or a page without https.
  function copyByHand(text) {
    const before = document.activeElement;
    const area = document.createElement("textarea");
    area.value = text;
    area.style.cssText = "position:fixed;opacity:0";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    before?.focus({ preventScroll: true });
    if (!copied) throw new Error("the browser did not copy");
  }

  async function saveExport(wish) {
    const made = await exported(wish);
    const link = document.createElement("a");
    const file = new Blob([made.text], { type: `${made.media_type};charset=utf-8` });
    link.href = URL.createObjectURL(file);
    link.download = made.file_name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 0);
  }

  async function takeAlong(button) {
    const saves = button.classList.contains("save");
    let said = words()[saves ? "saved" : "copied"];
    try {
      const wish = wishOf(button);
      await (saves ? saveExport(wish) : copyExport(wish));
      showWorked(button, said);
    } catch (error) {
      console.warn(error);
      said = words().failed;
      button.closest(".tools, .choices").dataset.failed = said;
      setTimeout(() => delete button.closest(".tools, .choices")?.dataset.failed, 4000);
    }
    say(said);
  }

  // A menu that lies over the conversation closes, and its name tells instead of the button.
  function showWorked(button, said) {
    const menu = button.closest("#export details");
    const place = menu?.querySelector("summary") ?? button;
    place.dataset.said = said;
    place.classList.add("worked");
    setTimeout(() => place.classList.remove("worked"), SHOWN_MILLISECONDS);
    if (menu) closeMenu(menu);
  }

  // For screen readers: what a button shows for a moment only.
  function say(text) {
    let status = byId("said");
    if (!status) {
      status = document.createElement("p");
      status.id = "said";
      status.setAttribute("role", "status");
      document.body.append(status);
    }
    status.textContent = "";
    requestAnimationFrame(() => (status.textContent = text));
  }

  // ── what can be asked next ───────────────────────────────────────────────────────────────

  let following = new AbortController(); // ends the search for next questions
  let suggested = []; // those that this conversation has shown: who did not ask one does not want it

  const MOST_SUGGESTED = 200; // no conversation is longer, and no request is to be

  function endFollowing() {
    following.abort();
    for (const list of document.querySelectorAll("#chat .following")) list.remove();
  }

  // Asked for once an answer is complete: it never waits for them.
  async function askFurther(answer) {
    endFollowing();
    const place = answer.querySelector(".answer-place");
    if (!place || answer.matches(".refused")) return;
    following = new AbortController();
    const { signal } = following;
    const body = JSON.stringify({
      answer: answerOf(answer),
      place: JSON.parse(place.textContent),
      turns: inside("turns", "textarea, input")?.value ?? "",
      token: inside("token", "textarea, input")?.value ?? "",
      suggested,
    });
    try {
      const headers = { "Content-Type": "application/json" };
      const response = await fetch("suggestions", { method: "POST", headers, body, signal });
      if (!response.ok) return;
      const { suggestions } = await response.json();
      if (!suggestions.length || signal.aborted) return;
      suggested = [...suggested, ...suggestions].slice(-MOST_SUGGESTED);
      showFollowing(answer.id, suggestions);
    } catch (error) {
      if (error.name !== "AbortError") console.warn(error);
    }
  }

  function showFollowing(id, questions) {
    const head = document.createElement("p");
    head.className = "following-head";
    head.textContent = words().following ?? "";
    const list = document.createElement("ul");
    for (const question of questions) {
      const link = document.createElement("a");
      link.href = `#ask/${encodeURIComponent(question)}`;
      link.lang = /[\u3040-\u30ff\u3400-\u9fff]/.test(question) ? "ja" : "en";
      link.textContent = question;
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    }
    const box = document.createElement("div");
    box.className = "following";
    box.append(head, list);
    byId(id)?.append(box);
  }

  // ── sending a question ───────────────────────────────────────────────────────────────────

  // Gradio keeps what is sent during an answer until its end, and then takes what the box holds by
  // then. The server compares it with what was sent (Page.ask_as_sent).
  const noticeSent = () => fill("sent", inside("question", "textarea")?.value ?? "");

  function closeMenus(except = null, menus = "#export details[open]") {
    for (const menu of document.querySelectorAll(menus)) {
      if (!menu.contains(except)) menu.open = false;
    }
  }

  // The keyboard stays where it was, unless that is gone with the menu.
  function closeMenu(menu) {
    const held = menu.contains(document.activeElement);
    menu.open = false;
    if (held) menu.querySelector("summary").focus({ preventScroll: true });
  }

  // controls.js closes the panel of what answers at a click. Where the keyboard goes on, it would
  // lie over the question.
  const ALL_MENUS = ":is(#export, #answerer) details[open]";
  document.addEventListener("focusin", (event) => closeMenus(event.target, ALL_MENUS));

  document.addEventListener(
    "click",
    (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const link = target?.closest("#chat a[href^='#'], #page a[href^='#']");
      if (link) {
        event.preventDefault();
        event.stopPropagation();
        actions[(link.getAttribute("href") ?? "").split("/")[0]]?.(link);
        return;
      }
      if (target?.matches("#scope .wrap-inner[data-many]")) inside("scope", "input")?.focus();
      const forget = target?.closest("#forget");
      if (forget && !isSure(forget)) {
        event.preventDefault();
        event.stopPropagation();
        return;
      }
      if (target?.closest("#send")) noticeSent();
      if (target?.closest("#fresh")) fill("sent", "");
      closeMenus(target);
      const button = target?.closest("#chat button.export, #export button.export");
      if (button) takeAlong(button);
    },
    true,
  );

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Enter" || !event.target.matches?.("#question textarea")) return;
      if (event.target.value || !inside("chat", ".answer.pending, .answer.writing")) noticeSent();
      else event.stopPropagation();
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (document.activeElement?.closest("#page .s")) backToAnswer();
    const menu =
      document.activeElement?.closest("details.formats[open]") ?? document.querySelector(ALL_MENUS);
    if (menu) closeMenu(menu);
  });

  // ── what the server sends ────────────────────────────────────────────────────────────────

  // A new question moves to the top of the conversation, so that its answer reads from the start.
  function noticeQuestion() {
    const asked = document.querySelectorAll("#chat .asked");
    if (asked.length === askedCount) return;
    const isNew = asked.length > askedCount;
    endFollowing();
    askedCount = asked.length;
    if (!askedCount) suggested = [];
    if (askedCount === 0 && document.activeElement?.id === "fresh") {
      focusQuestion();
    }
    const list = inside("chat", ".panel-wrap");
    led = null;
    if (!isNew || !list) return;
    forgetAddress();
    closeMenus();
    const newest = asked[asked.length - 1];
    takeOut(newest.textContent);
    const isWhole = list.scrollHeight <= list.clientHeight + 1; // always where the page is narrow
    const isCut = newest.getBoundingClientRect().top < 0;
    if (isWhole && (isCut || asked.length > 1)) {
      newest.scrollIntoView({ block: "start", behavior: "instant" });
    }
    leadOn(list);
  }

  // What the address asked has been asked: loaded again, it would ask it anew.
  function forgetAddress() {
    const address = new URL(location.href);
    if (!address.searchParams.has("q")) return;
    address.searchParams.delete("q");
    history.replaceState(history.state, "", address);
  }

  // ── keeping an answer that grows in view ─────────────────────────────────────────────────

  let led = null; // the list that follows its newest question, and where it was put: {list, top}
  const growth = new ResizeObserver(() => plan());

  // There is no room yet to move a question to the top while its answer is short: the list follows
  // as it grows, until the reader takes hold of it.
  function leadOn(list = inside("chat", ".panel-wrap")) {
    if (!list) return;
    led = { list, top: list.scrollTop };
    growth.disconnect();
    growth.observe(list);
    if (list.firstElementChild) growth.observe(list.firstElementChild);
    lead();
  }

  function lead() {
    if (!led) return;
    const { list } = led;
    const asked = list.querySelectorAll(".asked");
    const newest = asked[asked.length - 1];
    if (!list.isConnected || !newest) return;
    const above = newest.getBoundingClientRect().top - list.getBoundingClientRect().top;
    const most = list.scrollHeight - list.clientHeight;
    const wanted = Math.max(Math.min(list.scrollTop + above - 8, most), 0);
    if (Math.abs(list.scrollTop - wanted) > 1) list.scrollTo({ top: wanted, behavior: "instant" });
    led.top = list.scrollTop;
  }

  const letGo = (event) => {
    if (led?.list.contains(event.target)) led = null;
  };

  // What the list did not do itself, and no loss of content at its end did, the reader did.
  function noticeScroll(event) {
    if (event.target !== led?.list) return;
    const { list, top } = led;
    const atEnd = list.scrollTop >= list.scrollHeight - list.clientHeight - 1;
    if (Math.abs(list.scrollTop - top) > 1 && !(atEnd && list.scrollTop < top)) led = null;
  }

  document.addEventListener("scroll", noticeScroll, true);
  document.addEventListener("pointerdown", letGo, true);
  document.addEventListener("keydown", letGo, true);
  document.addEventListener("touchmove", letGo, { capture: true, passive: true });
  document.addEventListener(
    "wheel",
    (event) => {
      if (event.deltaY < 0) letGo(event);
    },
    { capture: true, passive: true },
  );

  // As markup.py has them, each by one character.
  const UNSHOWABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]/gu;

  // A question that is asked leaves the box; what was typed behind it meanwhile stays.
  function takeOut(question) {
    const typed = inside("question", "textarea")?.value.trimStart() ?? "";
    if (!typed.replace(UNSHOWABLE, "\ufffd").startsWith(question)) return;
    fill("question", typed.slice(question.length).trimStart());
  }

  // Gradio sets a field's value without a trace in the document.
  const heard = new WeakSet();
  function hear(field) {
    if (!field || heard.has(field)) return;
    heard.add(field);
    const { get, set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value");
    Object.defineProperty(field, "value", {
      configurable: true,
      get,
      set(value) {
        set.call(this, value);
        plan();
      },
    });
  }

  // A question that failed comes back, before what was typed since.
  function takeBack() {
    const field = inside("unasked", "textarea, input");
    hear(field);
    const unasked = field?.value;
    if (!unasked) return;
    takeOut(unasked.trim()); // where it has not left the box yet
    const typed = inside("question", "textarea").value;
    fill("unasked", "");
    fill("question", [unasked, typed].filter((each) => each.trim()).join("\n"));
  }

  // The buttons to ask and to stop stand in each other's place: the keyboard stays with them.
  function noticeWriting() {
    const hidden = inside("chat", ".answer.writing") ? "send" : "stop";
    if (document.activeElement?.id !== hidden) return;
    if (hidden === "send") byId("stop").focus({ preventScroll: true });
    else focusQuestion();
  }

  function noticeAnswer() {
    const answers = document.querySelectorAll("#chat .answer.final");
    const newest = answers[answers.length - 1];
    if (!newest) {
      lastAnswer = null;
      return;
    }
    if (newest.id === lastAnswer) return;
    lastAnswer = newest.id;
    askFurther(newest);
    const link = newest.querySelector("a.chip.cite");
    const citation = link && parseCitation(link);
    takeFocus = false;
    current = citation || null;
    if (!current) unmark();
  }

  function words() {
    try {
      return JSON.parse(inside("words", "textarea, input")?.value || "{}");
    } catch {
      return {};
    }
  }

  // Gradio names every message by its source text and takes names off buttons, names the
  // conversation in English, and has no placeholder for a choice.
  function nameThings() {
    const { scope, asked, answered, conversation } = words();
    const log = inside("chat", "[role='log']");
    if (log && conversation) setAttribute(log, "aria-label", conversation);
    for (const button of document.querySelectorAll("button.export[title]")) {
      setAttribute(button, "aria-label", button.title);
    }
    for (const message of document.querySelectorAll("#chat [data-testid='user'][aria-label]")) {
      setAttribute(message, "aria-label", asked ?? "");
    }
    for (const message of document.querySelectorAll("#chat [data-testid='bot'][aria-label]")) {
      setAttribute(message, "aria-label", answered ?? "");
    }
    const choice = inside("scope", "input");
    nameMany(inside("scope", ".wrap-inner"));
    if (choice && scope) setAttribute(choice, "placeholder", inside("scope", ".token") ? "" : scope);
  }

  // From so many on, chosen articles are counted until somebody wants to see which.
  const MANY = 3;

  function nameMany(choice) {
    const count = choice?.querySelectorAll(".token").length ?? 0;
    if (count >= MANY) {
      setAttribute(choice, "data-many", (words().chosen ?? "").replace("{count}", count));
    } else choice?.removeAttribute("data-many");
  }

  // What Gradio says by itself, it says in English.
  const GRADIO_SAYS = [
    [/^Queue is full|currently busy/i, "busy"],
    [/^Invalid file types?: (?<name>.*)\. Only /i, "file_type"],
    [/^.*File size exceed(?:s|ed)(?:.*bytes: (?<name>.*))?/i, "file_size"],
    [/^Connection (errored|to the server was lost)|^Could not|network error|Failed to fetch/i, "lost"],
  ];

  function tendToasts() {
    for (const item of document.querySelectorAll(".toast-message-text")) {
      const text = item.textContent.trim();
      const known = GRADIO_SAYS.find(([pattern]) => pattern.test(text));
      const name = known && (text.match(known[0]).groups?.name ?? words().some_file);
      const said = known && words()[known[1]]?.replace("{name}", () => name);
      if (said && item.textContent !== said) item.textContent = said;
    }
    for (const toast of document.querySelectorAll(".toast-body:not([role='alert'])")) {
      toast.setAttribute("role", "alert");
    }
    // Its head is a button in which there is another, the one that closes it.
    for (const head of document.querySelectorAll(".toast-header[role]")) {
      head.removeAttribute("role");
      head.removeAttribute("tabindex");
    }
  }

  function setAttribute(element, name, value) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }

  // The list that the page opens with may come after the first answer: its sentence is shown again.
  function noticeArrival(page) {
    if (arrived || !words().language) return;
    arrived = true;
    document.dispatchEvent(new Event("shutten:arrived"));
    if (page?.matches(".library") && current?.link.isConnected) follow(current, { focus: false });
  }

  function refresh() {
    nameThings();
    noticeWriting();
    noticeQuestion();
    takeBack();
    noticeAnswer();
    lead();
    const page = inside("page", ".page, .library");
    const isNewPage = page !== shownPage;
    shownPage = page;
    if (isNewPage && !current) byId("reading")?.scrollTo({ top: 0 });
    noticeArrival(page);
    const wanted = `${lastAnswer}/${current?.link?.href}`;
    if (!page || page.dataset.marked === wanted) return;
    if (current && !current.link.isConnected) {
      // The conversation was drawn anew: find the same link again.
      const again = document.querySelector(
        `#chat a.cite[href="${CSS.escape(current.link.getAttribute("href"))}"]`,
      );
      if (again) current = { ...current, link: again };
    }
    if (show({ atOnce: isNewPage })) page.dataset.marked = wanted;
  }

  Object.assign(shared, { byId, inside, words, fill, press, say, answerOf, copyByHand, leadOn });

  let planned = 0;
  const plan = () => {
    if (planned) return;
    planned = requestAnimationFrame(() => {
      planned = 0;
      refresh();
    });
  };

  function start() {
    const desk = byId("desk");
    if (!desk || !byId("question") || !byId("chat")) return false;
    new MutationObserver(plan).observe(desk, { childList: true, subtree: true });
    new MutationObserver(tendToasts).observe(document.body, { childList: true, subtree: true });
    const language = new URLSearchParams(location.search).get("lang");
    if (language === "ja" || language === "en") document.documentElement.lang = language;
    focusQuestion();
    plan();
    return true;
  }

  if (!start()) {
    const waiting = new MutationObserver(() => start() && waiting.disconnect());
    waiting.observe(document.documentElement, { childList: true, subtree: true });
  }
})();
