// Asks a running Shutten and prints each statement once it is checked, then what it cites.
//
//   node ask.mjs "青函トンネルはいつ開業しましたか" [http://127.0.0.1:7860]
//
// Node 20 or newer; nothing to install. A key, where one is asked for, is read from SHUTTEN_KEY.

const [question, address = "http://127.0.0.1:7860"] = process.argv.slice(2);
if (!question) {
  console.error('usage: node ask.mjs "QUESTION" [ADDRESS]');
  process.exit(2);
}

// Yields [name, value] for each event of an answer; the last one is "done" with the whole answer.
async function* ask(body) {
  const response = await fetch(`${address}/api/ask`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "text/event-stream",
      ...(process.env.SHUTTEN_KEY && { Authorization: `Bearer ${process.env.SHUTTEN_KEY}` }),
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await refusal(response));
  let rest = "";
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + piece).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) yield eventOf(block);
  }
}

function eventOf(block) {
  const [name, data] = block.split("\n").map((line) => line.slice(line.indexOf(": ") + 2));
  return [name, JSON.parse(data)];
}

async function refusal(response) {
  try {
    return (await response.json()).error.message;
  } catch {
    return `${address} answered with status ${response.status}`; // a proxy before it, for one
  }
}

async function main() {
  for await (const [name, value] of ask({ question })) {
    if (name === "claim" && value.state === "supported") console.log(value.text);
    if (name === "error") throw new Error(value.error.message);
    if (name === "done") print(value);
  }
}

function print(answer) {
  if (answer.refused) console.log(answer.text);
  for (const { marker, title, sentence, quote, url } of answer.citations) {
    console.log(`[${marker}] ${title}, ${sentence}: ${quote}${url ? ` <${url}>` : ""}`);
  }
}

try {
  await main();
} catch (error) {
  const reason = error.cause ? `${address} cannot be reached` : error.message;
  console.error(`ask.mjs: ${reason}`);
  process.exitCode = 1;
}
