// One upload after the other, as a program sends them.
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const MIB = 2 ** 20;
const block = Buffer.alloc(MIB, 'video');
const BOUNDARY = 'bench-boundary';
const HEAD = Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nvision\r\n--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="clip.mp4"\r\ncontent-type: video/mp4\r\n\r\n`);
const TAIL = Buffer.from(`\r\n--${BOUNDARY}--\r\n`);

/** So many bytes in blocks of a MiB; the memory is the same every time, so that making them costs nothing. */
export function* blocks(bytes) {
  for (let left = bytes; left > 0; left -= MIB) yield block;
}

/** Uploads so many bytes to a path of the server. Resolves with the milliseconds from the last byte to the answer. */
export async function upload({ url, headers }, bytes, path = '/v1/files') {
  const length = HEAD.length + bytes + TAIL.length;
  const call = request(new URL(path, url), { method: 'POST', headers: { ...headers, 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, 'content-length': length } });
  const answered = new Promise((resolve, reject) => call.once('response', resolve).once('error', reject));
  function* form() {
    yield HEAD;
    yield* blocks(bytes);
    yield TAIL;
  }
  let sentAt = 0;
  await Promise.all([pipeline(Readable.from(form()), call).then(() => (sentAt = performance.now())), answered]);
  const response = await answered;
  if (response.statusCode !== 200) throw new Error(`${url} answers ${response.statusCode}`);
  const waited = performance.now() - sentAt;
  response.resume();
  return waited;
}
