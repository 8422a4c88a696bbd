import type { Page, PageRequest } from '../page.js';
import type { FileVerdict, IngestStage, StageDetail, StoredFile } from './file.js';

/** News about a file from one ingest stage. */
export interface IngestNews {
  readonly fileId: string;
  readonly changes: Partial<Record<IngestStage, StageDetail>>;
  readonly verdict?: FileVerdict;
}

/** The fact that caused a change, for exactly-once effects. */
export interface Cause {
  /** Name of the consumer. */
  readonly consumer: string;
  /** Id of the fact. */
  readonly eventId: string;
}

/** Files of tenants. Every method sees only the tenant's own. */
export abstract class FileRepository {
  /**
   * Stores the file and tells that it was uploaded and by which thresholds its tenant wants it screened, both or neither, unless an earlier
   * try did; resolves with what is stored under its id.
   */
  abstract add(file: StoredFile): Promise<StoredFile>;

  abstract find(tenantId: string, id: string): Promise<StoredFile | undefined>;

  /** A file of the tenant with these bytes that is not in error, the oldest. */
  abstract findByDigest(tenantId: string, sha256: string): Promise<StoredFile | undefined>;

  abstract list(tenantId: string, page: PageRequest): Promise<Page<StoredFile>>;

  /** Removes the row; resolves with what it was, or undefined when there was none. */
  abstract remove(tenantId: string, id: string): Promise<StoredFile | undefined>;

  /**
   * Applies a stage's news once per cause, whatever the order in which stages report.
   * Resolves false when this cause was applied before or the file is gone.
   */
  abstract apply(news: IngestNews, cause: Cause): Promise<boolean>;
}
