// Keeps what a visitor asks from being lost between Gradio's two connections.
//
// Gradio hands in every event by a request of its own, whose receipt names it, and reads what
// comes of all of them from one stream, which the server ends when nothing is left to do. Where
// the receipt of a new event overtakes the last word of the stream before, Gradio takes that
// stream for open still and waits on it for ever. So a receipt is kept back until the stream has
// named the event too, or Gradio has closed it and opens the next. And where the stream has told all
// of an event and ended before its receipt is read, Gradio would open another, on which nothing
// comes and which nobody ends: a browser allows six. Such a one is answered here.
(() => {
  "use strict";
  if (window.shuttenStream) return;
  window.shuttenStream = true;

  class Stream {
    closing = false; // whether the server has said the last word
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

  const LAST_WORD = 'data: {"msg":"close_stream","event_id":null}\n\n';

  const fetchAny = window.fetch.bind(window);
  const unfinished = new Set(); // events with a receipt whose end no stream has told
  const early = new Set(); // events whose end came before their receipt
  let newest = null; // the stream that Gradio opened last

  // Returns what passes on a stream's pieces, and hears what they say before Gradio does. A message
  // is a line of JSON: quotation marks within what it says are written \".
  function listener(stream) {
    const decoder = new TextDecoder();
    let rest = "";
    const hear = (line) => {
      const event = line.match(/"event_id":"(\w+)"/)?.[1];
      if (event) stream.name(event);
      if (event && line.includes('"msg":"process_completed"')) finish(event);
      stream.closing ||= line.includes('"msg":"close_stream"');
    };
    return new TransformStream({
      transform(piece, controller) {
        const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
        rest = lines.pop();
        lines.forEach(hear);
        controller.enqueue(piece);
      },
    });
  }

  function finish(event) {
    if (!unfinished.delete(event)) early.add(event);
  }

  async function followed(input, options) {
    if (!unfinished.size) return new Response(LAST_WORD);
    const stream = (newest = new Stream());
    const signal = input.signal ?? options?.signal;
    signal?.addEventListener("abort", () => stream.end());
    try {
      const response = await fetchAny(input, options);
      const { readable, writable } = listener(stream);
      // Having read the last word, Gradio closes the stream itself: only then it knows of its end.
      response.body.pipeTo(writable).then(
        () => stream.closing || stream.end(),
        () => stream.end(),
      );
      return new Response(readable, response);
    } catch (error) {
      stream.end();
      throw error;
    }
  }

  async function handedIn(receipt) {
    const { event_id: event } = await receipt.json().catch(() => ({}));
    if (!event) return;
    if (!early.delete(event)) unfinished.add(event);
    if (newest) await newest.named(event);
  }

  window.fetch = async (input, options) => {
    const { pathname } = new URL(input.url ?? input, location.href);
    if (pathname.endsWith("/queue/data")) return followed(input, options);
    const response = await fetchAny(input, options);
    if (pathname.endsWith("/queue/join") && response.ok) await handedIn(response.clone());
    return response;
  };
})();
