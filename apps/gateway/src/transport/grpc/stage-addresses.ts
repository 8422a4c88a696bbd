/** Where the stages answer, each `host:port`; read at the first call. */
export abstract class StageAddresses {
  abstract readonly frameExtractor: string;
  abstract readonly dialogue: string;
  abstract readonly safety: string;
}
