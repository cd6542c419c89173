// Keeps what a visitor asks from being lost between Gradio's two connections.
//
// Gradio hands in every event by a request of its own, whose receipt names it, and reads what
// comes of all of them from one stream, which the server ends when nothing is left to do. Where
// the receipt of a new event overtakes the last word of the stream before, Gradio takes that
// stream for open still and waits on it for ever. So a receipt is kept back until the stream has
// named the event too, or Gradio has closed it and opens the next.
(() => {
  "use strict";
  if (window.shuttenStream) return;
  window.shuttenStream = true;

  class Stream {
    #named = new Set();
    #waiting = new Map();
    #over = false;

    name(event) {
      this.#named.add(event);
      this.#waiting.get(event)?.();
    }

    end() {
      this.#over = true;
      for (const goOn of this.#waiting.values()) goOn();
    }

    named(event) {
      if (this.#over || this.#named.has(event)) return Promise.resolve();
      return new Promise((goOn) => this.#waiting.set(event, goOn));
    }
  }

  const fetchAny = window.fetch.bind(window);
  let newest = null; // the stream that Gradio opened last

  // One message a line, in JSON: quotation marks within what it says are written \".
  async function readAlong(body, stream) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let closing = false;
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        const event = line.match(/"event_id":"(\w+)"/)?.[1];
        if (event) stream.name(event);
        closing ||= line.includes('"msg":"close_stream"');
      }
    }
    // Having read the last word, Gradio closes the stream itself: only then it knows that it ended.
    if (!closing) stream.end();
  }

  async function followed(input, options) {
    const stream = (newest = new Stream());
    const signal = input.signal ?? options?.signal;
    signal?.addEventListener("abort", () => stream.end());
    try {
      const response = await fetchAny(input, options);
      readAlong(response.clone().body, stream).catch(() => stream.end());
      return response;
    } catch (error) {
      stream.end();
      throw error;
    }
  }

  async function handedIn(receipt) {
    const { event_id: event } = await receipt.json().catch(() => ({}));
    if (event && newest) await newest.named(event);
  }

  window.fetch = async (input, options) => {
    const { pathname } = new URL(input.url ?? input, location.href);
    if (pathname.endsWith("/queue/data")) return followed(input, options);
    const response = await fetchAny(input, options);
    if (pathname.endsWith("/queue/join") && response.ok) await handedIn(response.clone());
    return response;
  };
})();
