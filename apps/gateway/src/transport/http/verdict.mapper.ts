import type { BlockingVerdict } from '@gpt4video/ports/errors';
import type { z } from 'zod';
import { verdictObject } from './error.schema.js';

/** What declined something, as clients read it. */
export function toVerdictObject({ category, score, threshold, stage, policyVersion }: BlockingVerdict): z.output<typeof verdictObject> {
  return verdictObject.parse({ category: category || null, score, threshold, stage, policy_version: policyVersion });
}
