// Keeps the conversation of a tab over a reload: in the tab, and on no other machine.
//
// What is kept are the answers' own data, which the server draws anew (kept.py), and the token under
// which it holds added files. Uses what page.js shares.
(() => {
  "use strict";
  const shared = window.shuttenPage;
  if (!shared || shared.kept) return;
  shared.kept = true;
  const { byId, inside, words, fill, press, answerOf } = shared;

  const MOST_CHARACTERS = 1_000_000; // of some 5 million that browsers allow
  const MOST_ANSWERS = 40;

  const address = () => new URLSearchParams(location.search);
  const NAME = `shutten:${location.pathname}?${address().get("article") ?? ""}`;

  let begun = false; // whether what had been kept has been looked at
  let awaited = false; // whether a conversation is being put back, and must not be lost meanwhile

  // A frame on another site may have no storage at all: then nothing is kept.
  function stored() {
    try {
      return JSON.parse(sessionStorage.getItem(NAME));
    } catch {
      return null;
    }
  }

  function store(record) {
    try {
      if (record) sessionStorage.setItem(NAME, JSON.stringify(record));
      else sessionStorage.removeItem(NAME);
    } catch (error) {
      console.info("the conversation is not kept:", error.name);
    }
  }

  const value = (id) => inside(id, "textarea, input")?.value ?? "";
  const data = (answer, name) => {
    const text = answer.querySelector(`pre.${name}`)?.textContent;
    return text ? JSON.parse(text) : null;
  };

  function entryOf(answer) {
    const about = data(answer, "answer-about");
    if (answer.matches(".stopped")) return { about };
    const key = answer.id.replace(/^answer-/, "");
    return { about, key, answer: answerOf(answer), place: data(answer, "answer-place") };
  }

  function recordNow() {
    const shown = [...document.querySelectorAll("#chat .answer.final, #chat .answer.stopped")];
    let answers = shown.slice(-MOST_ANSWERS).map(entryOf);
    while (JSON.stringify(answers).length > MOST_CHARACTERS) answers = answers.slice(1);
    const files = Boolean(byId("forget"));
    const typed = [unanswered(), value("question")].filter((each) => each.trim()).join("\n");
    if (!answers.length && !files && !typed) return null;
    const { owner } = words();
    return { owner, files, typed, answers, token: value("token"), turns: value("turns") };
  }

  // A question whose answer does not stand yet comes back into the box.
  function unanswered() {
    if (!inside("chat", ".answer.pending, .answer.writing")) return "";
    return [...document.querySelectorAll("#chat .asked")].at(-1)?.textContent ?? "";
  }

  function keep() {
    if (!begun) return;
    awaited &&= !inside("chat", ".asked");
    if (!awaited) store(recordNow());
  }

  function begin() {
    if (begun) return;
    begun = true;
    const record = address().has("q") ? null : stored();
    if (!record || record.owner !== words().owner) return;
    if (record.typed && !value("question")) fill("question", record.typed);
    awaited = record.answers.length > 0;
    if (!awaited && !record.files) return;
    fill("kept", JSON.stringify(record));
    setTimeout(() => press("restore"), 0);
  }

  document.addEventListener("shutten:arrived", begin);
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => document.hidden && keep());
  document.addEventListener("click", (event) => (awaited &&= !event.target.closest?.("#fresh")), true);
})();
