import { defineRule, refuse, send } from './define-rule.ts';

const kilobytes = (bytes: number): number => Math.ceil(bytes / 1_000);

/** Pictures go out only where the sender's provider takes them: whoever sends hears so before, and not from the carrier. */
export const media = defineRule({
  name: 'media',
  title: 'Pictures',
  says: 'A message with pictures goes out only from a sender whose provider sends them, only to where it does, and only with as many and as large ones as it takes.',
  reasons: {
    media_missing: 'A picture of this message is no longer there',
    media_not_supported: 'The provider of this sender does not send pictures',
    media_too_many: 'The provider takes at most {limit} pictures with a message, and this one has {files}',
    media_too_large_together: 'The provider takes at most {limit} KB of pictures with a message, and these have {size}',
    media_too_large: 'The provider takes pictures of this kind ({type}) of at most {limit} KB, and this one has {size}',
    media_type_not_supported: 'The provider does not send pictures of this kind ({type})',
    media_country_not_supported: 'The provider does not send pictures to numbers of this country ({country})',
  },
  remedies: {
    media_not_supported: 'Send from a number of a provider that sends pictures, or leave the pictures out.',
    media_country_not_supported:
      'Send from a number of a provider that sends pictures there, or leave the pictures out.',
  },
  decide: ({ media: files, mediaLimits: limits, hasSender, place: { country } }) => {
    if (files.length === 0 || !hasSender) return send;
    if (limits === null) return refuse('media_not_supported');
    if (limits.countries !== null && (country === null || !limits.countries.includes(country)))
      return refuse('media_country_not_supported', { country: country ?? 'none' });
    if (files.length > limits.files) return refuse('media_too_many', { limit: limits.files, files: files.length });
    let bytes = 0;
    for (const file of files) {
      if (file === null) return refuse('media_missing');
      const { type } = file;
      const most = Object.hasOwn(limits.types, type) ? limits.types[type] : undefined;
      if (most === undefined) return refuse('media_type_not_supported', { type });
      if (file.bytes > most)
        return refuse('media_too_large', { type, limit: kilobytes(most), size: kilobytes(file.bytes) });
      bytes += file.bytes;
    }
    if (bytes <= limits.bytes) return send;
    return refuse('media_too_large_together', { limit: kilobytes(limits.bytes), size: kilobytes(bytes) });
  },
});
