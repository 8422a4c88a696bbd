/** A refusal or fault that the API told, with the sentence it gave. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    /** Stable code, as in docs/api/errors.md. */
    readonly code: string,
    message: string,
    /** Milliseconds after which the server wants to be asked again. */
    readonly retryAfterMs?: number,
    /** What was declined, where something was. */
    readonly category?: string | null,
  ) {
    super(message);
  }
}

/** The error in an answer that is not 2xx. */
export async function readError(response: Response): Promise<ApiError> {
  const retryAfterMs = Number(response.headers.get('retry-after-ms') ?? Number.NaN);
  return errorIn(response.status, await response.json().catch(() => null), Number.isFinite(retryAfterMs) ? retryAfterMs : undefined);
}

/** The error of an envelope; one that says what to do where there is none. */
export function errorIn(status: number, body: unknown, retryAfterMs?: number): ApiError {
  const error = (body as Envelope | null)?.error;
  return new ApiError(status, error?.code ?? 'unreadable', error?.message ?? `The server answered ${status}; try again.`, retryAfterMs, error?.verdict?.category);
}

interface Envelope {
  readonly error?: { readonly code: string; readonly message: string; readonly verdict?: { readonly category: string | null } };
}

/** What to tell a person about anything that was thrown. */
export function sentenceOf(thrown: unknown): string {
  return thrown instanceof ApiError ? thrown.message : 'The connection to the server was lost.';
}
