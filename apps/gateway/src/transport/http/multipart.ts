import type { MultipartFile } from '@fastify/multipart';
import { DomainError, isDomainError } from '@gpt4video/ports/errors';
import type { FastifyRequest } from 'fastify';

/** Most fields of a form. */
const MAX_FIELDS = 32;
/** Most bytes of one field. */
const MAX_FIELD_BYTES = 64 * 1024;
/** Most bytes of the fields of a form together. */
const MAX_FORM_BYTES = 256 * 1024;

/** A form whose file is read as it comes. */
export interface FormWithFile {
  readonly filename: string;
  /** As the form says. */
  readonly mediaType: string;
  /** Pulled; a chunk is gone when the next one is asked for. Throws `invalid_request` where the form breaks off. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The fields before and after the file; asked for once the file was read. */
  fields(): Promise<Record<string, string>>;
  /** Takes what is left of the file, so that the connection is usable again. */
  discard(): void;
}

type Parts = ReturnType<FastifyRequest['parts']>;

/** Reads a form up to its file, which the caller streams. Throws `invalid_request` when there is no form or no file of this name. */
export async function openForm(request: FastifyRequest, name: string): Promise<FormWithFile> {
  if (!request.isMultipart()) throw new DomainError('invalid_request', `The body is not a form; send multipart/form-data with the file as "${name}".`);
  const seen: Record<string, string> = {};
  // The object store counts the bytes; the parser must not cut the file off silently.
  const parts = await partsOf(request, Number.MAX_SAFE_INTEGER);
  for (let part = await next(parts); part !== undefined; part = await next(parts)) {
    if (part.type === 'file' && part.fieldname === name) return toForm(part, () => readRest(parts, seen));
    if (part.type === 'file') throw unexpectedFile(part);
    keep(seen, part.fieldname, part.value);
  }
  throw new DomainError('invalid_request', `The form has no file; add the bytes as the field "${name}".`, { param: name });
}

/** The fields of a form without files. Throws `invalid_request` for a file. */
export async function readFields(request: FastifyRequest): Promise<Record<string, string>> {
  return readRest(await partsOf(request, MAX_FIELD_BYTES), {});
}

function toForm(file: MultipartFile, fields: () => Promise<Record<string, string>>): FormWithFile {
  return { filename: file.filename, mediaType: file.mimetype, body: bytesOf(file), fields, discard: () => void file.file.resume() };
}

async function readRest(parts: Parts, seen: Record<string, string>): Promise<Record<string, string>> {
  for (let part = await next(parts); part !== undefined; part = await next(parts)) {
    if (part.type === 'file') throw unexpectedFile(part);
    keep(seen, part.fieldname, part.value);
  }
  return seen;
}

function keep(seen: Record<string, string>, name: string, value: unknown): void {
  seen[name] = String(value);
  const size = Object.entries(seen).reduce((sum, [key, text]) => sum + key.length + text.length, 0);
  if (size > MAX_FORM_BYTES) throw new DomainError('invalid_request', `The fields of the form have more than ${MAX_FORM_BYTES} bytes; send less.`, { param: name });
}

function unexpectedFile(file: MultipartFile): DomainError {
  file.file.resume();
  return new DomainError('invalid_request', `Unexpected file in the field "${file.fieldname}"; leave it out.`, { param: file.fieldname });
}

function partsOf(request: FastifyRequest, fileSize: number): Promise<Parts> {
  return readable(() => request.parts({ limits: { files: 1, fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES, fileSize } }));
}

async function next(parts: Parts) {
  const step = await readable(() => parts.next());
  return step.done === true ? undefined : step.value;
}

/** The file's bytes. A chunk is given back to the machine when the next one is asked for. */
async function* bytesOf({ file }: MultipartFile): AsyncGenerator<Uint8Array> {
  try {
    // What is left of a file that nobody wants is read by `discard`.
    for await (const chunk of file.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      yield chunk;
      release(chunk);
    }
  } catch (error) {
    throw unreadable(error);
  }
}

/**
 * Frees a chunk's memory now. Left to the garbage collector, which sees that much memory is held and not that none of it is needed, an
 * upload makes it walk the whole heap every 30 MB. A chunk that shares its memory with others stays.
 */
function release({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

/** The parser's own complaints are about the form. */
async function readable<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(error: unknown): unknown {
  if (isDomainError(error)) return error;
  return new DomainError('invalid_request', `The form cannot be read (${error instanceof Error ? error.message : 'malformed'}); send multipart/form-data with a boundary, whole.`, { cause: error });
}
