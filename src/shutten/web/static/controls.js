// What stands around an answer: which model writes, written again, and what a visitor thinks of it.
// Uses what page.js shares.
(() => {
  "use strict";
  const shared = window.shuttenPage;
  if (!shared || shared.controlled) return;
  shared.controlled = true;
  const { byId, inside, words, fill, press, say, answerOf, copyByHand, leadOn } = shared;

  const SHOWN_MILLISECONDS = 2500;
  const LOOKING_MILLISECONDS = 700; // how often one looks whether a model has been loaded

  async function asked(path, options) {
    const response = await fetch(`${path}?lang=${words().language ?? ""}`, options);
    if (response.ok) return response.json();
    const told = await response.json().catch(() => null);
    throw new Error(told?.error?.message ?? words().failed);
  }

  const posted = (path, record) =>
    asked(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(record),
    });

  function tellFailure(place, error) {
    const said = error instanceof TypeError ? words().lost : error.message;
    place.dataset.failed = said;
    say(said);
    setTimeout(() => delete place.dataset.failed, 4000);
  }

  // ── what answers ─────────────────────────────────────────────────────────────────────────

  let looking = 0;

  const menu = () => inside("answerer", "details");

  function showAnswerers(state) {
    const details = menu();
    if (!details) return;
    const summary = details.querySelector("summary");
    if (summary.textContent !== state.label) summary.textContent = state.label;
    const panel = details.querySelector(".choices");
    if (panel.shown !== state.html) {
      panel.innerHTML = state.html;
      panel.shown = state.html;
    }
    byId("desk").classList.toggle("only-quotes", !state.writes);
    if (state.writes !== Boolean(byId("way"))) press("renew");
    clearTimeout(looking);
    const wasLoading = details.classList.contains("loading");
    details.classList.toggle("loading", state.loading);
    if (state.loading) looking = setTimeout(lookAtAnswerers, LOOKING_MILLISECONDS);
    else if (wasLoading) say(state.said);
  }

  async function lookAtAnswerers() {
    try {
      showAnswerers(await asked("answerers"));
    } catch (error) {
      const panel = menu()?.querySelector(".choices");
      if (panel) tellFailure(panel, error);
    }
  }

  async function choose(button) {
    const panel = button.closest(".choices");
    button.disabled = true;
    try {
      const state = await posted("answerers", { name: button.dataset.name });
      showAnswerers(state);
      panel.querySelector(".now").focus({ preventScroll: true });
      panel.scrollTop = 0;
      say(panel.querySelector(".problem")?.textContent ?? state.said);
    } catch (error) {
      button.disabled = false;
      tellFailure(panel, error);
    }
  }

  async function copyCommand(button) {
    const command = button.parentElement.querySelector("code").textContent;
    try {
      await navigator.clipboard.writeText(command).catch(() => copyByHand(command));
      button.classList.add("worked");
      setTimeout(() => button.classList.remove("worked"), SHOWN_MILLISECONDS);
      say(words().copied);
    } catch {
      tellFailure(button.parentElement, new Error(words().failed));
    }
  }

  // ── written again ────────────────────────────────────────────────────────────────────────

  function askAgain(button, way = "again") {
    const { again } = aboutOf(button.closest(".answer"));
    if (!fill("again_of", again)) return;
    leadOn();
    setTimeout(() => press(way), 0);
  }

  const askAll = (button) => askAgain(button, "widen");

  const aboutOf = (answer) => JSON.parse(answer.querySelector(".answer-about").textContent);

  // ── what a visitor thinks of an answer ───────────────────────────────────────────────────

  // By the id of the answer, as the conversation may be drawn anew:
  // {rating, reason, comment, open, thanked, sent}
  const opinions = new Map();

  function opinionOf(answer) {
    if (!opinions.has(answer.id)) {
      opinions.set(answer.id, { rating: null, reason: null, comment: "", sent: Promise.resolve() });
    }
    return opinions.get(answer.id);
  }

  // One after the other: the last one counts.
  function send(answer, opinion) {
    const { again, ...about } = aboutOf(answer);
    const record = {
      ...about,
      rating: opinion.rating,
      reason: opinion.reason,
      comment: opinion.comment.trim() || null,
      vote: answer.id.replace(/^answer-/, ""),
      answer: answerOf(answer),
    };
    opinion.sent = opinion.sent.catch(() => {}).then(() => posted("feedback", record));
    return opinion.sent;
  }

  async function rate(button) {
    const answer = button.closest(".answer");
    const opinion = opinionOf(answer);
    const rating = ratingOf(button);
    const former = { ...opinion };
    opinion.rating = opinion.rating === rating ? null : rating;
    if (opinion.rating !== "down") opinion.reason = null;
    opinion.open = opinion.rating === "down";
    opinion.thanked = false;
    drawOpinion(answer);
    if (opinion.open) leadToReason(answer);
    try {
      await send(answer, opinion);
      const { thanks, withdrawn } = words().judging;
      say(opinion.rating ? thanks : withdrawn);
      opinion.thanked = Boolean(opinion.rating) && !opinion.open;
    } catch (error) {
      const { rating: was, reason, open } = former;
      Object.assign(opinion, { rating: was, reason, open });
      tellFailure(button.closest(".tools"), error);
    }
    drawOpinion(answer);
  }

  // What opens may stand below what is seen, or behind the question box, which lies over the
  // conversation where the page is narrow.
  function bringIntoView(box) {
    const { top, bottom } = box.getBoundingClientRect();
    const end = Math.min(innerHeight, byId("composer").getBoundingClientRect().top);
    const list = box.closest(".panel-wrap")?.getBoundingClientRect();
    if (top < (list?.top ?? 0) || bottom > end) box.scrollIntoView({ block: "center" });
  }

  function leadToReason(answer) {
    const form = answer.querySelector("form.why");
    if (!form) return;
    bringIntoView(form);
    form.querySelector("input").focus({ preventScroll: true });
  }

  async function sendReason(answer) {
    const opinion = opinionOf(answer);
    try {
      await send(answer, opinion);
    } catch (error) {
      tellFailure(answer.querySelector(".tools"), error);
      return;
    }
    opinion.thanked = true;
    closeReason(answer);
    say(words().judging.thanks);
  }

  function closeReason(answer) {
    opinionOf(answer).open = false;
    drawOpinion(answer);
    answer.querySelector(".thumb.down")?.focus({ preventScroll: true });
  }

  const ratingOf = (thumb) => (thumb.classList.contains("up") ? "up" : "down");

  function drawOpinion(answer) {
    const place = answer.isConnected ? answer : byId(answer.id);
    if (!place) return;
    const opinion = opinions.get(place.id);
    for (const thumb of place.querySelectorAll(".thumb")) {
      const pressed = String(ratingOf(thumb) === opinion?.rating);
      if (thumb.getAttribute("aria-pressed") !== pressed) {
        thumb.setAttribute("aria-pressed", pressed);
        thumb.setAttribute("aria-label", thumb.title);
      }
    }
    if (!opinion) return;
    const form = place.querySelector("form.why");
    if (opinion.open && !form) place.querySelector(".tools").after(reasonForm(place, opinion));
    if (!opinion.open && form) form.remove();
    const thanks = place.querySelector(".thanks");
    if (opinion.thanked && !thanks) {
      place.querySelector(".rating").append(make("span", "thanks", words().judging.thanks));
    }
    if (!opinion.thanked && thanks) thanks.remove();
  }

  function make(name, className, text) {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  function reasonForm(answer, opinion) {
    const { why, comment, send_why: send, close, longest, reasons } = words().judging;
    const form = make("form", "why");
    const choices = make("fieldset");
    choices.append(make("legend", "", why));
    for (const [value, said] of Object.entries(reasons)) {
      const label = make("label");
      const input = Object.assign(document.createElement("input"), {
        type: "radio", name: `reason-${answer.id}`, value, checked: opinion.reason === value,
      });
      input.addEventListener("change", () => (opinion.reason = value));
      label.append(input, make("span", "", said));
      choices.append(label);
    }
    const text = Object.assign(document.createElement("textarea"), {
      rows: 2, maxLength: longest, value: opinion.comment, placeholder: comment,
    });
    text.setAttribute("aria-label", comment);
    text.addEventListener("input", () => (opinion.comment = text.value));
    const buttons = make("p", "buttons");
    const cancel = Object.assign(make("button", "close", close), { type: "button" });
    cancel.addEventListener("click", () => closeReason(answer));
    buttons.append(Object.assign(make("button", "send", send), { type: "submit" }), cancel);
    form.append(choices, text, buttons);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      sendReason(answer);
    });
    return form;
  }

  // ── the cited sentence beside its number ─────────────────────────────────────────────────

  let peeked = null; // the link whose sentence is shown

  function citationOf(link) {
    const data = link.closest(".answer")?.querySelector(".answer-data");
    const marker = Number(link.textContent.replace(/\D/g, ""));
    return data && JSON.parse(data.textContent).citations.find((each) => each.marker === marker);
  }

  function peekAt(link) {
    const citation = citationOf(link);
    if (!citation || peeked === link) return;
    hidePeek();
    peeked = link;
    // The browser's own hint would stand in front of it.
    if (link.title) {
      link.setAttribute("aria-label", link.title);
      link.removeAttribute("title");
    }
    const peek = Object.assign(make("div", ""), { id: "peek" });
    peek.setAttribute("role", "tooltip");
    const quote = make("p", "peek-quote");
    const { row, row_start, row_end, answer_start, answer_end } = citation;
    quote.append(...(row
      ? withMark([...row], row_start, row_end)
      : withMark([...citation.quote], answer_start, answer_end)));
    peek.append(quote, make("p", "peek-source", citation.title));
    document.body.append(peek);
    link.setAttribute("aria-describedby", "peek");
    placeBeside(peek, link.getBoundingClientRect());
  }

  // Offsets count code points.
  function withMark(points, start, end) {
    if (start === null || end === null || end <= start) return [points.join("")];
    const words = make("mark", "", points.slice(start, end).join(""));
    return [points.slice(0, start).join(""), words, points.slice(end).join("")];
  }

  function placeBeside(peek, place) {
    const { width, height } = peek.getBoundingClientRect();
    const left = Math.max(Math.min(place.left - 24, innerWidth - width - 10), 10);
    const [above, below] = [place.top - height - 6, place.bottom + 6];
    // Above it would lie over what the marker stands behind, and over the head of the answer.
    const fits = below + height <= innerHeight - 6;
    peek.style.left = `${left}px`;
    peek.style.top = `${fits || above < 6 ? below : above}px`;
  }

  function hidePeek() {
    byId("peek")?.remove();
    peeked?.removeAttribute("aria-describedby");
    peeked = null;
  }

  const chipAt = (event) => event.target.closest?.("#chat .answer.final a.chip.cite");
  const stays = (element) => element?.closest?.("#peek") || (peeked && peeked === chipOf(element));
  const chipOf = (element) => element?.closest?.("a.chip.cite");

  for (const type of ["mouseover", "focusin"]) {
    document.addEventListener(type, (event) => {
      const chip = chipAt(event);
      if (chip) peekAt(chip);
      else if (type === "mouseover" && !stays(event.target) && peeked !== document.activeElement) {
        hidePeek();
      }
    });
  }
  document.addEventListener("focusout", (event) => {
    if (event.target === peeked && !peeked.matches(":hover")) hidePeek();
  });
  document.addEventListener("scroll", hidePeek, true);
  document.addEventListener("click", hidePeek);

  // ── what the visitor does ────────────────────────────────────────────────────────────────

  function unfold(button) {
    const isFolded = button.previousElementSibling.classList.toggle("folded");
    button.textContent = isFolded ? words().unfold : words().fold;
    button.setAttribute("aria-expanded", String(!isFolded));
  }

  const actions = {
    ".unfold": unfold,
    ".choose": choose,
    ".copy-command": copyCommand,
    ".again": (button) => askAgain(button),
    ".widen": askAll,
    ".thumb": rate,
  };

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const details = menu();
    // What was clicked may have been drawn anew since; it stood in the panel all the same.
    const isOutside = event.isTrusted && target?.isConnected && !details?.contains(target);
    if (details?.open && isOutside) details.open = false;
    for (const [selector, act] of Object.entries(actions)) {
      const button = target?.closest(`#desk button${selector}`);
      if (button) act(button);
    }
  });

  document.addEventListener(
    "toggle",
    (event) => {
      if (event.target === menu() && event.target.open) lookAtAnswerers();
      const opened = event.target.matches("#chat details[open]") ? event.target : null;
      if (opened) bringIntoView(opened.querySelector(".choices") ?? opened);
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hidePeek();
    const form = event.key === "Escape" && event.target.closest?.("form.why");
    if (form) closeReason(form.closest(".answer"));
  });

  // The conversation may be drawn anew: what was said of its answers is put back.
  let planned = 0;
  new MutationObserver(() => {
    if (planned) return;
    planned = requestAnimationFrame(() => {
      planned = 0;
      document.querySelectorAll("#chat .answer.final").forEach(drawOpinion);
    });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
