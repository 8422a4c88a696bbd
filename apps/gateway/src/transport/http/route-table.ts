/** A route of the server, such as `GET /v1/files/:id`. */
export interface TableRoute {
  readonly method: string;
  readonly url: string;
}

/** Which methods each path takes, so that a wrong method is told apart from a wrong path. */
export class RouteTable {
  private readonly routes: (TableRoute & { readonly pattern: RegExp })[] = [];

  /** Remembers a route. */
  add(method: string | readonly string[], url: string): void {
    const pattern = new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z]+/g, '[^/]+')}/?$`);
    for (const each of [method].flat()) this.routes.push({ method: each, url, pattern });
  }

  /** Every route. */
  list(): readonly TableRoute[] {
    return this.routes;
  }

  /** Methods that the path of the URL takes; empty when there is no such path. */
  methodsOf(url: string): readonly string[] {
    const path = url.split('?')[0] ?? '';
    const methods = this.routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    return [...new Set(methods)].filter((method) => method !== 'HEAD').toSorted();
  }
}
