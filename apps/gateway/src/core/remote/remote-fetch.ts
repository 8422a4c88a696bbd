/** Bytes of another host, on their way. */
export interface RemoteObject {
  /** As the host says, lower-case, without parameters. */
  readonly mediaType: string;
  /** Last piece of the path. */
  readonly filename: string;
  /** Pulled; throws `unsupported_media` when the host breaks off, `video_too_large` past the bound. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** What a host answered to a POST. */
export interface RemoteAnswer {
  readonly status: number;
}

/** The only way out of the service to hosts that clients name. Private, link-local and other special addresses are never reached. */
export abstract class RemoteFetch {
  /** Begins to read a picture or video. Throws `unsupported_media` with the reason when it may not or cannot be read. */
  abstract get(url: string, maxBytes: number, signal: AbortSignal): Promise<RemoteObject>;

  /** Sends a body; the answer's body is not read. Throws `unsupported_media` when the host may not or cannot be reached. */
  abstract post(url: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<RemoteAnswer>;

  /** Throws `invalid_request` for a URL that would be refused whatever its name resolves to. */
  abstract check(url: string): void;
}
