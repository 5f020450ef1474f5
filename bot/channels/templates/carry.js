// How a sealed chat goes over the wire: one question, one answer, and how long to wait when there was
// none. It looks at nothing that it carries.

const PATIENCE = 40000; // milliseconds: longer than the server keeps a page waiting
const SHORTEST = 1000; // milliseconds between two attempts, doubled each time
const LONGEST = 30000;
const TIRED = [408, 425, 429];

// No answer came, or not one of ours; it can be tried again.
export class Gone extends Error {
  constructor(seconds = 0) {
    super("no answer");
    this.wait = 1000 * seconds;
  }

  // Milliseconds until the next attempt. Not the same for all: a server that comes back is not run over.
  pause(tries) {
    const long = Math.min(LONGEST, SHORTEST * 2 ** tries);
    return Math.max(this.wait, long * (0.5 + Math.random() / 2));
  }
}

// Ask, or say what `sent` holds. Throws Gone, or Error where the server refuses what this page does.
export async function ask(what, sent, signal) {
  const stop = new AbortController();
  const end = () => stop.abort();
  const late = setTimeout(end, PATIENCE);
  signal.addEventListener("abort", end);
  try {
    const answer = await fetch(`/talk/${what}`, {
      method: sent ? "POST" : "GET",
      body: sent && JSON.stringify(sent),
      headers: { "X-Part": "1", ...(sent && { "Content-Type": "application/json" }) },
      cache: "no-store",
      signal: stop.signal,
    });
    // A proxy before us may say something of its own.
    if (!answer.headers.has("X-Part") || answer.status >= 500 || TIRED.includes(answer.status)) {
      throw new Gone(Number(answer.headers.get("Retry-After")) || 0);
    }
    if (answer.ok) return await answer.json();
  } catch (error) {
    throw error instanceof Gone ? error : new Gone();
  } finally {
    clearTimeout(late);
    signal.removeEventListener("abort", end);
  }
  throw new Error("refused");
}

// Gives a function that waits so many milliseconds, or less: until the network is there again, or all
// ends.
export function restless() {
  const all = new AbortController();
  const rest = (long) =>
    new Promise((done) => {
      const over = () => {
        clearTimeout(clock);
        removeEventListener("online", over);
        all.signal.removeEventListener("abort", over);
        done();
      };
      const clock = setTimeout(over, long);
      addEventListener("online", over);
      all.signal.addEventListener("abort", over);
    });
  rest.signal = all.signal;
  rest.end = () => all.abort();
  return rest;
}
