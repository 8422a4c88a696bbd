import type { MultipartFile } from '@fastify/multipart';
import { DomainError } from '@gpt4video/ports/errors';
import type { FastifyRequest } from 'fastify';

/** Most fields of a form. */
const MAX_FIELDS = 32;
/** Most bytes of one field. */
const MAX_FIELD_BYTES = 64 * 1024;

/** A form whose file is read as it comes. */
export interface FormWithFile {
  readonly file: MultipartFile;
  /** The fields before and after the file; asked for once the file was read. */
  fields(): Promise<Record<string, string>>;
}

/** Reads a form up to its file, which the caller streams. Throws `invalid_request` when there is no form or no file named `file`. */
export async function openForm(request: FastifyRequest): Promise<FormWithFile> {
  if (!request.isMultipart()) throw new DomainError('invalid_request', 'The body is not a form; send multipart/form-data with the fields "file" and "purpose".');
  // The object store counts the bytes; the parser must not cut the file off silently.
  const parts = request.parts({ limits: { files: 1, fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES, fileSize: Number.MAX_SAFE_INTEGER } });
  const seen: Record<string, string> = {};
  for (let step = await parts.next(); step.done !== true; step = await parts.next()) {
    if (step.value.type === 'file') return { file: step.value, fields: () => readRest(parts, seen) };
    seen[step.value.fieldname] = String(step.value.value);
  }
  throw new DomainError('invalid_request', 'The form has no file; add the bytes as the field "file".', { param: 'file' });
}

/** The fields of a form without files. Throws `invalid_request` for a file. */
export async function readFields(request: FastifyRequest): Promise<Record<string, string>> {
  return readRest(request.parts({ limits: { files: 1, fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES } }), {});
}

async function readRest(parts: ReturnType<FastifyRequest['parts']>, seen: Record<string, string>): Promise<Record<string, string>> {
  for (let step = await parts.next(); step.done !== true; step = await parts.next()) {
    if (step.value.type === 'file') {
      step.value.file.resume();
      throw new DomainError('invalid_request', `Unexpected file in the field "${step.value.fieldname}"; send it alone.`, { param: step.value.fieldname });
    }
    seen[step.value.fieldname] = String(step.value.value);
  }
  return seen;
}
