import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

interface MediaType {
  readonly schema?: object & { readonly properties?: { readonly data?: { readonly contentSchema?: object } } };
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, MediaType>> }>> }>>>>;
}

/** Holds answers of a running server against the description that it gives of itself. */
export class DescribedAnswers {
  private readonly ajv = new Ajv2020({ strict: false });
  private readonly routes: readonly { readonly path: string; readonly pattern: RegExp }[];
  private readonly known = new Map<object, ValidateFunction>();

  constructor(readonly document: OpenApi) {
    formats.default(this.ajv);
    this.ajv.addSchema(document, 'openapi');
    // Written-out paths win over those with a parameter.
    const paths = Object.keys(document.paths).toSorted((a, b) => Number(a.includes('{')) - Number(b.includes('{')));
    this.routes = paths.map((path) => ({ path, pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`) }));
  }

  /** Throws when the answer is not one that the document promises for this route. Unknown routes and methods are not its business. */
  async check(method: string, path: string, response: Response): Promise<void> {
    const route = this.routes.find(({ pattern }) => pattern.test(path));
    const operation = route && this.document.paths[route.path]?.[method.toLowerCase()];
    if (route === undefined || operation === undefined) return;
    const answer = `${method} ${route.path} → ${response.status}`;
    const promised = operation.responses[String(response.status)];
    if (promised === undefined) throw new Error(`${answer} is not described`);
    const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
    const media = Object.entries(promised.content ?? {}).find(([name]) => name === type || (name.endsWith('/*') && type.startsWith(name.slice(0, -1))))?.[1];
    if (media === undefined && type !== '' && response.status !== 304) throw new Error(`${answer} is described, but not as ${type}`);
    if (media?.schema !== undefined && type === 'application/json') this.fit(answer, media.schema, await response.clone().json());
    const ofEvents = media?.schema?.properties?.data?.contentSchema;
    if (ofEvents !== undefined && type === 'text/event-stream') for (const event of eventsOf(await response.clone().text())) this.fit(answer, ofEvents, event);
  }

  private fit(answer: string, schema: object, value: unknown): void {
    let validate = this.known.get(schema);
    if (validate === undefined) {
      // References are to components of the document.
      validate = this.ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/')) as object);
      this.known.set(schema, validate);
    }
    if (!validate(value)) throw new Error(`${answer} is not as described: ${this.ajv.errorsText(validate.errors)} in ${JSON.stringify(value).slice(0, 400)}`);
  }
}

/** The JSON payloads of an event stream that are no errors. */
function eventsOf(stream: string): unknown[] {
  const lines = stream.split('\n').flatMap((line) => (line.startsWith('data: ') && line !== 'data: [DONE]' ? [JSON.parse(line.slice(6)) as object] : []));
  return lines.filter((payload) => !('error' in payload));
}
