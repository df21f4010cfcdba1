import { SegmentedMessage } from 'sms-segments-calculator';

const plainGsm = /^[A-Za-z0-9 @$_!"#%&'()*+,\-./:;<=>?\n\r]*$/;

/** How many segments a text takes. */
export function countSegments(body: string): number {
  // The common text needs no parsing into characters.
  if (plainGsm.test(body)) return body.length <= 160 ? 1 : Math.ceil(body.length / 153);
  return new SegmentedMessage(body).segmentsCount;
}
