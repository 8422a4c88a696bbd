// What an answer consists of, told by the question, so that every server under test says the same at the same pace.

/** A question for `count` pieces, one every `everyMs`; then the answer ends, or is held open. */
export function questionFor({ count, everyMs, hold = false }) {
  return JSON.stringify({ count, everyMs, hold });
}

/** The plan of a question. `speak` says the pieces, the first at once, and returns a function for its timer. */
export function planOf(question) {
  const { count, everyMs, hold } = JSON.parse(question);
  const speak = (say, end) => {
    let said = 0;
    let timer;
    const next = () => {
      if (said++ < count) say(piece());
      if (said < count || hold) return;
      clearInterval(timer);
      end();
    };
    timer = setInterval(() => (said < count ? next() : undefined), everyMs);
    next();
    return () => timer;
  };
  return { count, speak };
}

/** A clause that bears the moment at which it was said; long enough to be released at once. */
export function piece() {
  return `<${process.hrtime.bigint()}> the red star moves to the left over the sea. `;
}

/** Milliseconds since each piece of the text was said; the clock is the machine's, the same for all processes. */
export function agesOf(text) {
  const now = process.hrtime.bigint();
  return [...text.matchAll(/<(\d+)>/g)].map(([, at]) => Number(now - BigInt(at)) / 1e6);
}
