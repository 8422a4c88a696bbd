import { Injectable } from '@nestjs/common';
import { ObjectStore } from '@gpt4video/ports/object-store';
import { FileService } from '../files/file.service.js';
import { UploadLimits } from '../files/upload-limits.js';
import { newId } from '../new-id.js';
import { type VideoInspection, VideoInspector } from './video-inspector.js';

/** Says whether a video is a film of ours. */
@Injectable()
export class ProvenanceService {
  constructor(
    private readonly files: FileService,
    private readonly inspector: VideoInspector,
    private readonly store: ObjectStore,
    private readonly limits: UploadLimits,
  ) {}

  /** Inspects a file of the tenant. Throws `not_found`. */
  async inspectFile(tenantId: string, fileId: string, signal: AbortSignal): Promise<VideoInspection> {
    const { asset } = await this.files.get(tenantId, fileId, 'file_id');
    return await this.inspector.inspect(asset, signal);
  }

  /** Inspects a video that is not kept. Throws `video_too_large` and what the inspector throws. */
  async inspectPassing(body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<VideoInspection> {
    const key = `passing/${newId('file')}`;
    try {
      const asset = await this.store.put(key, body, { mediaType: 'application/octet-stream', maxBytes: this.limits.maxBytes, signal });
      return await this.inspector.inspect(asset, signal);
    } finally {
      await this.store.delete(key);
    }
  }
}
