/** What a file is by its first bytes: what a sender says of it is not asked. */
export type FileKind = {
  /** Such as `image/jpeg`. */
  readonly type: string;
  /** Of its name, without the dot. */
  readonly ending: string;
  /** In pixels; null for what is no picture, and where the file does not say. */
  readonly size: { readonly width: number; readonly height: number } | null;
};

/** Kinds that may be uploaded: every provider that takes pictures takes these. */
export const uploadTypes = ['image/gif', 'image/jpeg', 'image/png'] as const;

/** Kinds that are kept. */
export const keptTypes = [
  ...uploadTypes,
  'image/webp',
  'audio/amr',
  'audio/mpeg',
  'audio/ogg',
  'audio/mp4',
  'video/3gpp',
  'video/mp4',
  'application/pdf',
  'text/vcard',
] as const;

/** Of a frame that some providers send along, which holds no more than the order of the files. */
export const frameType = 'application/smil';

const text = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from, to);

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Nothing here runs in a browser: pages, scripts and drawings that may hold them are of no kind. Null for those, and for what is not known. */
export function fileKind(bytes: Uint8Array): FileKind | null {
  const head = text(bytes, 0, 16);
  if (head.startsWith('\xff\xd8\xff')) return { type: 'image/jpeg', ending: 'jpg', size: jpegSize(bytes) };
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return { type: 'image/png', ending: 'png', size: pngSize(bytes) };
  if (/^GIF8[79]a/.test(head)) return { type: 'image/gif', ending: 'gif', size: gifSize(bytes) };
  const found = (type: string, ending: string): FileKind => ({ type, ending, size: null });
  if (/^RIFF.{4}WEBP/s.test(head)) return found('image/webp', 'webp');
  if (/^#!AMR(-WB)?\n/.test(head)) return found('audio/amr', 'amr');
  if (/^(ID3|\xff[\xf2\xf3\xfb])/.test(head)) return found('audio/mpeg', 'mp3');
  if (head.startsWith('OggS')) return found('audio/ogg', 'ogg');
  if (/^.{4}ftyp3g/s.test(head)) return found('video/3gpp', '3gp');
  if (/^.{4}ftyp(M4A|mp4a)/s.test(head)) return found('audio/mp4', 'm4a');
  if (/^.{4}ftyp(avc1|dash|iso[2-9m]|mmp4|mp4[12]|qt {2}|M4V)/s.test(head)) return found('video/mp4', 'mp4');
  if (head.startsWith('%PDF-')) return found('application/pdf', 'pdf');
  if (/^BEGIN:VCARD\r?\n/i.test(head)) return found('text/vcard', 'vcf');
  if (/^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE smil[^>]*>\s*)?<smil[\s>]/i.test(text(bytes, 0, 512)))
    return found(frameType, 'smil');
  return null;
}

type Size = FileKind['size'];

/** What is nothing, or more than anybody draws, is no size. */
function sizeOf(width: number, height: number): Size {
  return width > 0 && height > 0 && width <= 65_535 && height <= 65_535 ? { width, height } : null;
}

function pngSize(bytes: Uint8Array): Size {
  if (bytes.length < 24 || text(bytes, 12, 16) !== 'IHDR') return null;
  const view = viewOf(bytes);
  return sizeOf(view.getUint32(16), view.getUint32(20));
}

function gifSize(bytes: Uint8Array): Size {
  if (bytes.length < 10) return null;
  const view = viewOf(bytes);
  return sizeOf(view.getUint16(6, true), view.getUint16(8, true));
}

/** Goes from marker to marker up to the frame that says it. A picture that a phone turned says so in its EXIF, which browsers heed. */
function jpegSize(bytes: Uint8Array): Size {
  const view = viewOf(bytes);
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return sizeOf(view.getUint16(at + 7), view.getUint16(at + 5));
    const isAlone = marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
    if (marker === 0xff) at += 1;
    else at += isAlone ? 2 : 2 + view.getUint16(at + 2);
  }
  return null;
}
