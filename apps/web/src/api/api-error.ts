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
  const after = Number.isFinite(retryAfterMs) ? retryAfterMs : undefined;
  try {
    const { error } = (await response.json()) as { error: { code: string; message: string; verdict?: { category: string | null } } };
    return new ApiError(response.status, error.code, error.message, after, error.verdict?.category);
  } catch {
    return new ApiError(response.status, 'unreadable', `The server answered ${response.status}; try again.`, after);
  }
}

/** What to tell a person about anything that was thrown. */
export function sentenceOf(thrown: unknown): string {
  return thrown instanceof ApiError ? thrown.message : 'The connection to the server was lost.';
}
