// What goes to the app and comes back. Errors reach the reader as sentences in their language.

class Untold extends Error {} // its message is a name in TEXTS, `values` fill it
class Told extends Error {} // its message is for the reader as it is

class App {
  constructor({ base, lang }) {
    this.base = base;
    this.lang = lang;
  }

  // Calls `listen(name, value)` for every event up to `done`; returns those that come behind it.
  async ask(body, listen, signal) {
    const headers = { "Content-Type": "application/json", Accept: "text/event-stream" };
    const response = await this.fetch("api/ask", {
      method: "POST", headers, body: JSON.stringify(body), signal,
    });
    const events = eventsOf(response.body);
    for (let step = await events.next(); !step.done; step = await events.next()) {
      const [name, value] = step.value;
      if (name === "error") throw new Told(value.error.message);
      listen(name, value);
      if (name === "done") return events;
    }
    throw failure("broken");
  }

  async articles() {
    return (await (await this.fetch("api/articles", {})).json()).articles;
  }

  // The answer as text with its footnotes, in a format that the app knows.
  async written(answer, format) {
    const body = JSON.stringify({ answer, format, part: true });
    const headers = { "Content-Type": "application/json" };
    const response = await this.fetch("api/export", { method: "POST", headers, body });
    return (await response.json()).text;
  }

  async rate(rating, answer) {
    const question = answer.question.slice(0, 2000);
    const kept = { ...answer, hits: [], removed: [] };
    const body = JSON.stringify({ rating, answer_id: answer.id, question, answer: kept });
    await this.fetch("api/feedback", {
      method: "POST", headers: { "Content-Type": "application/json" }, body,
    });
  }

  async fetch(path, options) {
    const address = `${this.base}${path}?lang=${this.lang}`;
    const plain = { referrerPolicy: "no-referrer", cache: "no-store" };
    const blocked = watchPolicy(this.base);
    try {
      const response = await fetch(address, { ...plain, ...options });
      if (response.ok) return response;
      throw await refusal(response);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw failure(await this.whyUnreachable(blocked));
    } finally {
      blocked.end();
    }
  }

  // A browser tells a script only that a request failed. Whether the app can be reached at all is
  // what an answer that may not be read shows.
  async whyUnreachable(blocked) {
    if (navigator.onLine === false) return "offline";
    try {
      await fetch(`${this.base}widget.js`, { method: "HEAD", mode: "no-cors", cache: "no-store" });
    } catch {
      return (await blocked.soon()) ? "policyRefused" : "unreachable";
    }
    return "originRefused";
  }
}

function failure(name, values = {}) {
  return Object.assign(new Untold(name), { values });
}

const REPORT_MILLISECONDS = 100; // how much later than the failed request the report may come

function watchPolicy(base) {
  const origin = new URL(base).origin;
  let seen = false;
  const notice = (event) => {
    seen ||= event.blockedURI.startsWith(origin);
  };
  document.addEventListener("securitypolicyviolation", notice);
  return {
    soon: () => new Promise((resolve) => setTimeout(() => resolve(seen), REPORT_MILLISECONDS)),
    end: () => document.removeEventListener("securitypolicyviolation", notice),
  };
}

async function refusal(response) {
  try {
    return new Told((await response.json()).error.message);
  } catch {
    // What answers in front of the app does not speak its JSON.
    if (response.status === 429) return failure("tooMany");
    return failure("failed", { status: response.status });
  }
}

async function* eventsOf(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let rest = ""; ; ) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) yield parsedEvent(block);
    }
  } catch (error) {
    throw error instanceof TypeError ? failure("broken") : error;
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parsedEvent(block) {
  const fields = block.split("\n").map((line) => line.split(/: ?(.*)/s));
  const of = (wanted) => fields.filter(([name]) => name === wanted).map(([, value]) => value);
  return [of("event").join(""), JSON.parse(of("data").join("\n") || "null")];
}
