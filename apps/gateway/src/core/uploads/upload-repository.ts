import type { PartialUpload, UploadPart } from './upload.js';

/** Uploads of tenants and their parts. Every method but `expire` sees only the tenant's own. */
export abstract class UploadRepository {
  abstract add(upload: PartialUpload): Promise<void>;

  /** A pending upload whose time has passed is `expired`. */
  abstract find(tenantId: string, id: string): Promise<PartialUpload | undefined>;

  abstract addPart(uploadId: string, part: UploadPart): Promise<void>;

  /** In order of arrival. */
  abstract parts(uploadId: string): Promise<readonly UploadPart[]>;

  /** Takes the upload for putting together, for some minutes; false when it is not pending or another has it. */
  abstract lock(id: string): Promise<boolean>;

  /** Gives a taken upload back. */
  abstract unlock(id: string): Promise<void>;

  /** Ends a pending upload and forgets its parts; resolves with them, or undefined when it had ended. */
  abstract end(id: string, status: 'completed' | 'cancelled', fileId?: string): Promise<readonly UploadPart[] | undefined>;

  /** Ends every upload whose time has passed; resolves with their parts. */
  abstract expire(): Promise<readonly UploadPart[]>;
}
