/** Which methods each path takes, so that a wrong method is told apart from a wrong path. */
export class RouteTable {
  private readonly routes: { readonly method: string; readonly pattern: RegExp }[] = [];

  /** Remembers a route such as `GET /v1/files/:id`. */
  add(method: string | readonly string[], url: string): void {
    const pattern = new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z]+/g, '[^/]+')}/?$`);
    for (const each of [method].flat()) this.routes.push({ method: each, pattern });
  }

  /** Methods that the path of the URL takes; empty when there is no such path. */
  methodsOf(url: string): readonly string[] {
    const path = url.split('?')[0] ?? '';
    const methods = this.routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    return [...new Set(methods)].filter((method) => method !== 'HEAD').toSorted();
  }
}
