import type { DescribedAnswers } from './described-answers.js';

/** A body that names an object of another tenant. */
interface NamingBody {
  /** The operation and the field of its body. */
  readonly field: string;
  readonly path: string;
  readonly body: object;
  readonly status: number;
}

interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** Bodies with the ids in every field that may hold one. */
export function ofBodies({ files = '', parts = '' }: Readonly<Record<string, string>>): readonly NamingBody[] {
  const media = (content: object): object => ({ messages: [{ role: 'user', content: [content] }] });
  const file = { type: 'file', file: { file_id: files } };
  const video = { type: 'video_url', video_url: { url: `file:${files}` } };
  const image = { type: 'image_url', image_url: { url: `file:${files}` } };
  const chat = { path: '/v1/chat/completions', status: 404 };
  const moderation = { path: '/v1/moderations', status: 404 };
  return [
    { ...chat, field: 'createChatCompletion file_id', body: media(file) },
    { ...chat, field: 'createChatCompletion video_url.url', body: media(video) },
    { ...chat, field: 'createChatCompletion image_url.url', body: media(image) },
    // Ids of earlier films stand for their captions, which come with them; nothing is looked up.
    { ...chat, field: 'createChatCompletion id', body: { messages: [{ role: 'assistant', content: '', videos: [{ id: 'video_x', caption: 'a' }] }, { role: 'user', content: 'hi' }] }, status: 200 },
    { ...moderation, field: 'createModeration file_id', body: { input: [file] } },
    { ...moderation, field: 'createModeration video_url.url', body: { input: [video] } },
    { ...moderation, field: 'createModeration image_url.url', body: { input: [image] } },
    { path: '/v1/provenance', status: 404, field: 'inspectProvenance file_id', body: { file_id: files } },
    { path: '/v1/uploads/{id}/complete', status: 400, field: 'completeUpload part_ids', body: { part_ids: [parts] } },
  ];
}

/** Every field of a JSON body that may name an object: by its name, or by a URL that may be `file:<id>`. */
export function namingFields(document: DescribedAnswers['document']): string[] {
  const { components } = document as unknown as { components: { schemas: Record<string, Schema> } };
  const found = new Set<string>();
  const walk = (operation: string, schema: Schema, name: string, parent: string): void => {
    const named = schema.$ref === undefined ? schema : (components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
    if (/(^|_)ids?$/.test(name)) found.add(`${operation} ${name}`);
    if (named.description?.includes('file:') === true) found.add(`${operation} ${parent}.${name}`);
    for (const [key, inner] of Object.entries(named.properties ?? {})) walk(operation, inner, key, name);
    for (const inner of [named.items, ...(named.anyOf ?? []), ...(named.oneOf ?? [])]) if (inner !== undefined) walk(operation, inner, '', name === '' ? parent : name);
  };
  for (const operations of Object.values(document.paths)) {
    for (const operation of Object.values(operations)) {
      const { operationId, requestBody } = operation as unknown as { operationId: string; requestBody?: { content: Record<string, { schema: Schema }> } };
      const schema = requestBody?.content['application/json']?.schema;
      if (schema !== undefined) walk(operationId, schema, '', '');
    }
  }
  return [...found].toSorted();
}
