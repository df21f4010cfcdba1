import { SegmentedMessage } from 'sms-segments-calculator';

const plainGsm = /^[A-Za-z0-9 @$_!"#%&'()*+,\-./:;<=>?\n\r]*$/;

/** Whether GSM-7 has all letters of a text. */
export function isGsm(body: string): boolean {
  return plainGsm.test(body) || new SegmentedMessage(body).encodingName === 'GSM-7';
}

/** How many segments a text takes. */
export function countSegments(body: string): number {
  // The common text needs no parsing into characters.
  if (plainGsm.test(body)) return body.length <= 160 ? 1 : Math.ceil(body.length / 153);
  return new SegmentedMessage(body).segmentsCount;
}
