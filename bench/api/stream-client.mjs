// Opens streams and takes the times of what comes.
import { Agent, request } from 'node:http';
import { agesOf, questionFor } from './plan.mjs';

/** Opens one stream; `onText` gets each text. Resolves when it has ended. `opened` resolves with the first text. */
export function openStream({ url, headers }, plan, onText = () => undefined) {
  const agent = new Agent({ keepAlive: false });
  const started = process.hrtime.bigint();
  const body = JSON.stringify({ stream: true, messages: [{ role: 'user', content: questionFor(plan) }] });
  const call = request(new URL('/v1/chat/completions', url), { agent, method: 'POST', headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } });
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  const ended = new Promise((resolve, reject) => {
    call.once('error', reject);
    call.once('response', (response) => {
      if (response.statusCode !== 200) return reject(new Error(`${url} answers ${response.statusCode}`));
      response.setEncoding('utf8').on('data', (text) => {
        if (!text.includes('<')) return;
        open(Number(process.hrtime.bigint() - started) / 1e6);
        onText(agesOf(text));
      });
      response.once('end', resolve).once('error', reject);
    });
    call.end(body);
  });
  ended.catch(() => undefined);
  opened.catch(() => undefined);
  return { opened: Promise.race([opened, ended.then(() => opened)]), ended, leave: () => call.destroy() };
}
