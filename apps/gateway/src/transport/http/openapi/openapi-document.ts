import { Injectable, RequestMethod } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { z } from 'zod';
import { errorEnvelope } from '../error.schema.js';
import { errorAnswers, type Route } from './error-answers.js';
import { type JsonSchema, NamedSchemas } from './named-schemas.js';
import { type AnswerInfo, Operation, type OperationInfo } from './operation.js';

const ABOUT = `OpenAI's shapes, extended where OpenAI has no video. Fields marked "extension" are ours. Every answer carries \`x-request-id\`;
answers of \`/v1\` carry \`x-ratelimit-*\` and \`RateLimit\`. A POST with an \`Idempotency-Key\` happens once within a day.`;

interface Described extends Route {
  readonly info: OperationInfo;
}

/** The OpenAPI 3.1 document, made of the controllers' own routes and of the schemas that parse requests and shape answers. */
@Injectable()
export class OpenApiDocument {
  private made: JsonSchema | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** The document; made once. Throws for a route that nobody described. */
  get(): JsonSchema {
    this.made ??= this.make();
    return this.made;
  }

  private make(): JsonSchema {
    const schemas = new NamedSchemas();
    const paths: Record<string, Record<string, unknown>> = {};
    for (const route of this.routes()) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route, schemas) };
    const security = { bearer: { type: 'http', scheme: 'bearer', description: 'An API key of a tenant' }, operator: { type: 'http', scheme: 'bearer', description: 'The admin key of the server' } };
    return { openapi: '3.1.0', info: { title: 'GPT4Video', version: '1', description: ABOUT, license: { name: 'BSD-3-Clause', identifier: 'BSD-3-Clause' } }, paths, components: { schemas: schemas.components, securitySchemes: security } };
  }

  private routes(): Described[] {
    return this.discovery.getControllers().flatMap(({ metatype, instance }) => {
      if (metatype === null || typeof metatype !== 'function' || instance === undefined) return [];
      const base = String(Reflect.getMetadata('path', metatype) ?? '');
      const prototype = metatype.prototype as Record<string, unknown>;
      return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
        const handler = prototype[name];
        if (typeof handler !== 'function' || !Reflect.hasMetadata('method', handler)) return [];
        const info = this.reflector.get(Operation, handler as () => unknown);
        if (info === undefined) throw new Error(`${metatype.name}.${name} is a route without @Operation`);
        const method = String(RequestMethod[Number(Reflect.getMetadata('method', handler))]).toLowerCase();
        return [{ method, path: pathOf(base, String(Reflect.getMetadata('path', handler) ?? '')), info }];
      });
    });
  }
}

function pathOf(base: string, rest: string): string {
  return `/${[base, rest].join('/')}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1').replace(/:([A-Za-z]+)/g, '{$1}');
}

function operationOf({ info, ...route }: Described, schemas: NamedSchemas): JsonSchema {
  const { id, tag, summary, description, open, operator } = info;
  const content = contentOf(info, schemas);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(open === true ? {} : { security: [{ [operator === true ? 'operator' : 'bearer']: [] }] }),
    parameters: parametersOf(route, info, schemas),
    ...(content === undefined ? {} : { requestBody: { required: true, content } }),
    responses: responsesOf(route, info, schemas),
  };
}

function contentOf({ json, form }: OperationInfo, schemas: NamedSchemas): JsonSchema | undefined {
  if (json === undefined && form === undefined) return undefined;
  return {
    ...(json === undefined ? {} : { 'application/json': { schema: schemas.of(json, 'input') } }),
    ...(form === undefined ? {} : { 'multipart/form-data': { schema: schemas.of(form, 'input') } }),
  };
}

function parametersOf({ method, path }: Route, { query, headers, open }: OperationInfo, schemas: NamedSchemas): JsonSchema[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string', minLength: 1 } }));
  const once = method === 'post' && open !== true ? [{ name: 'Idempotency-Key', in: 'header', required: false, schema: schemas.of(z.string().regex(/^[\x21-\x7e]{1,255}$/), 'input') }] : [];
  return [...inPath, ...fieldsOf(query, 'query', schemas), ...fieldsOf(headers, 'header', schemas), ...once];
}

function fieldsOf(shape: z.ZodObject | undefined, place: 'query' | 'header', schemas: NamedSchemas): JsonSchema[] {
  if (shape === undefined) return [];
  const { properties = {}, required = [] } = schemas.of(shape, 'input') as { properties?: Record<string, JsonSchema>; required?: readonly string[] };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: place, required: required.includes(name), schema }));
}

function responsesOf(route: Route, info: OperationInfo, schemas: NamedSchemas): JsonSchema {
  const good = Object.entries(info.answers).map(([status, answers]) => [status, responseOf([answers].flat(), schemas)] as const);
  const error = { 'application/json': { schema: schemas.of(errorEnvelope, 'output') } };
  const bad = [...errorAnswers(route, info)].map(([status, description]) => [String(status), { description, content: error }] as const);
  return Object.fromEntries([...good, ...bad]);
}

function responseOf(answers: readonly AnswerInfo[], schemas: NamedSchemas): JsonSchema {
  const content = Object.assign({}, ...answers.map((answer) => mediaOf(answer, schemas))) as JsonSchema;
  return { description: answers.map(({ description }) => description).join('; or '), ...(Object.keys(content).length === 0 ? {} : { content }) };
}

/** One server-sent event; its data is JSON of the schema. */
function eventSchema(contentSchema: JsonSchema): JsonSchema {
  const text = { type: 'string' };
  return { type: 'object', required: ['data'], properties: { data: { ...text, contentMediaType: 'application/json', contentSchema }, event: text, id: text } };
}

function mediaOf(answer: AnswerInfo, schemas: NamedSchemas): JsonSchema {
  if (answer.kind === 'json') return { 'application/json': { schema: schemas.of(answer.schema, 'output') } };
  if (answer.kind === 'events') return { 'text/event-stream': { schema: eventSchema(schemas.of(answer.event, 'output')) } };
  if (answer.kind === 'bytes') return Object.fromEntries(answer.mediaTypes.map((type) => [type, {}]));
  return {};
}
