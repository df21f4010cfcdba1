import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/** A picture that the carrier has. */
export interface Picture {
  readonly sha256: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Where the carrier hands pictures out, by their hash. */
export const mediaPath = '/_media/';
const mostBytes = 5 * 1_024 * 1_024;
const mostKept = 200;
const fetchMs = 10_000;

/** A checksum as PNG wants it after each chunk. */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

type Colour = readonly [red: number, green: number, blue: number];

/** A picture of 160 by 120 that goes from one colour at its top to another. */
function gradient(top: Colour, bottom: Colour): Buffer {
  const [width, height] = [160, 120];
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const rows = Array.from({ length: height }, (_, y) => {
    const pixel = top.map((from, index) => Math.round(from + (((bottom[index] ?? 0) - from) * y) / (height - 1)));
    return Buffer.from([0, ...Array.from({ length: width }, () => pixel).flat()]);
  });
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const data = deflateSync(Buffer.concat(rows));
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

const png = (bytes: Uint8Array): Picture => pictureOf(bytes, 'image/png');

function pictureOf(bytes: Uint8Array, type: string): Picture {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), type, bytes };
}

/** Pictures that phones may send. */
export const sampleNames = ['sunset', 'meadow', 'sea'] as const;
export type SampleName = (typeof sampleNames)[number];
const samples: Readonly<Record<SampleName, Picture>> = {
  sunset: png(gradient([64, 32, 96], [255, 160, 64])),
  meadow: png(gradient([135, 206, 235], [64, 160, 72])),
  sea: png(gradient([200, 230, 255], [16, 64, 128])),
};

const isHere = (url: string): boolean => /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\//.test(url);

/** The pictures that went through the carrier, the latest ones of them, in memory; a carrier of a demo fetches from this machine alone. */
export class MediaBox {
  readonly #kept = new Map<string, Picture>(Object.values(samples).map((picture) => [picture.sha256, picture]));

  sample(name: SampleName): Picture {
    return samples[name];
  }

  get(sha256: string): Picture | undefined {
    return this.#kept.get(sha256);
  }

  keep(bytes: Uint8Array, type: string): Picture {
    const picture = pictureOf(bytes, type);
    this.#kept.set(picture.sha256, picture);
    for (const sha256 of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break;
      if (!Object.values(samples).some((sample) => sample.sha256 === sha256)) this.#kept.delete(sha256);
    }
    return picture;
  }

  /** The picture at an address of this machine; null where there is none. */
  async fetch(url: string): Promise<Picture | null> {
    if (!isHere(url)) return null;
    try {
      const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(fetchMs) });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      if (answer.status !== 200 || bytes.length > mostBytes) return null;
      return this.keep(bytes, answer.headers.get('content-type') ?? '');
    } catch {
      return null;
    }
  }
}
