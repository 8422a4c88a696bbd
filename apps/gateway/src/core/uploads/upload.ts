import type { AssetRef } from '@gpt4video/ports/asset-ref';

/** A file that arrives in parts. pending → completed, cancelled or expired. */
export interface PartialUpload {
  readonly id: string;
  readonly tenantId: string;
  readonly filename: string;
  readonly purpose: string;
  readonly mediaType: string;
  /** Bytes that the parts must have together. */
  readonly bytes: number;
  /** Seconds that the file is to live. */
  readonly expiresAfterSeconds?: number;
  readonly status: 'pending' | 'completed' | 'cancelled' | 'expired';
  /** The file that became of it. */
  readonly fileId?: string;
  readonly createdAtMs: number;
  /** Until when parts are taken. */
  readonly expiresAtMs: number;
}

/** Some bytes of it. */
export interface UploadPart {
  readonly id: string;
  readonly asset: AssetRef;
  readonly createdAtMs: number;
}
