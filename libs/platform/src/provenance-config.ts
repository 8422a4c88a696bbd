import { z } from 'zod';

/** How a service that marks or recognises films is told what marks them. */
export const PROVENANCE_FIELDS = {
  provenanceFolder: z.string().min(1).default('.gpt4video/provenance').describe('folder of the identity and the watermark key that are made once when none is given'),
  provenanceCertificates: z.string().startsWith('-----BEGIN').optional().describe('PEM text: the C2PA signing certificate, then its chain up to the root; a development identity that nobody trusts when absent'),
  watermarkKeys: z
    .string()
    .regex(/^[0-9a-fA-F]{48}(,[0-9a-fA-F]{48})*$/)
    .optional()
    .describe('secrets of the watermark, 48 hexadecimal digits each, separated by commas: the first one marks films, all are looked for')
    .meta({ sensitive: true }),
};
