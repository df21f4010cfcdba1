import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { maskingDestination } from './masking.ts';

function logged(write: (log: ReturnType<typeof pino>) => void): string {
  const lines: string[] = [];
  write(
    pino(
      { level: 'debug' },
      maskingDestination((line) => lines.push(line)),
    ),
  );
  return lines.join('');
}

describe('masking', () => {
  const digits = '2025550143';

  test('hides numbers in messages, fields, nested fields, addresses and errors', () => {
    const error = Object.assign(new Error(`no row for +1${digits}`), { detail: `Key (phone)=(+1${digits}) exists.` });
    const text = logged((log) => {
      log.info(`text from +1${digits}`);
      log.info({ to: `+1${digits}`, nested: { numbers: [`+1${digits}`] } }, 'sent');
      log.info({ path: `/demo/phone/phones/%2B1${digits}/messages` }, 'request');
      log.error({ err: error }, 'failed');
    });
    expect(text).not.toContain(digits);
    expect(text.split('\n').filter(Boolean)).toHaveLength(4);
    for (const line of text.split('\n').filter(Boolean)) expect(JSON.parse(line)).toBeTypeOf('object');
  });
});
