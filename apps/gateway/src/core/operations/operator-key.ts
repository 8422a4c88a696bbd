import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '@gpt4video/ports/errors';

/** The key of whoever runs the service; a DI token. It opens no tenant's objects. */
export abstract class OperatorKeySetting {
  /** Absent where the operators' routes are closed. */
  abstract readonly adminKey?: string | undefined;
}

/** Lets operators in. */
@Injectable()
export class OperatorKey {
  constructor(private readonly setting: OperatorKeySetting) {}

  /** Checks `Authorization: Bearer <admin key>`. Throws `unauthenticated`, or `not_found` where there is no admin key. */
  check(authorization: string | undefined): void {
    const { adminKey } = this.setting;
    if (adminKey === undefined) throw new DomainError('not_found', 'This server has no operators’ routes; set GPT4VIDEO_ADMIN_KEY to open them.');
    const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
    // Digests have the same length, so that comparing takes the same time.
    if (!timingSafeEqual(digestOf(given), digestOf(adminKey))) throw new DomainError('unauthenticated', 'This is not the admin key of this server; check GPT4VIDEO_ADMIN_KEY.');
  }
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
