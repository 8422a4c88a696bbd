// What a person would write in an afternoon: Node's own http, no key, no screening, no limits, no database. Streams the same chunks and keeps
// uploads as files in the folder of argument 1; other paths do parts of that work. Prints where it listens.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { planOf } from './plan.mjs';

const [folder = '.'] = process.argv.slice(2);
let files = 0;
const newFile = () => createWriteStream(join(folder, `bare-${(files += 1)}`), { flush: true });

const uploads = {
  '/v1/files': (request) => pipeline(request, newFile()),
  '/read': (request) => pipeline(request, dropped),
  '/hash': (request) => pipeline(request, hashed, dropped),
  '/hash-and-write': (request) => pipeline(request, hashed, newFile()),
};

const server = createServer(async (request, response) => {
  const take = uploads[request.url];
  if (take !== undefined) {
    await take(request);
    return response.end('{}');
  }
  let body = '';
  for await (const chunk of request) body += chunk;
  const plan = planOf(JSON.parse(body).messages.at(-1).content);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const send = (delta, finish_reason = null) => response.write(`data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'bare', choices: [{ index: 0, delta, finish_reason }] })}\n\n`);
  const timer = plan.speak((content) => send({ content }), () => {
    send({}, 'stop');
    response.end('data: [DONE]\n\n');
  });
  response.once('close', () => clearInterval(timer()));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
process.once('SIGTERM', () => process.exit(0));

async function* hashed(chunks) {
  const hash = createHash('sha256');
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  hash.digest('hex');
}

async function dropped(chunks) {
  const bytes = chunks[Symbol.asyncIterator]();
  while (!(await bytes.next()).done);
}
