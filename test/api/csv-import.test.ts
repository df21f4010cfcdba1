import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness();
});
afterAll(() => api.close());

const resultSchema = z.object({
  created: z.number(),
  updated: z.number(),
  failed: z.number(),
  errors: z.array(
    z.object({ row: z.number(), field: z.string(), code: z.string(), message: z.string(), value: z.string() }),
  ),
});
const post = (text: string, type = 'text/csv') => api.call('POST', '/api/v1/contacts/import', { text: { type, text } });
const imported = async (text: string) => resultSchema.parse((await post(text)).body);
const contact = (phone: string) =>
  api.inTx((tx) => tx.selectFrom('contacts').selectAll().where('phone', '=', phone).executeTakeFirst());

describe('CSV import', () => {
  test('stores good lines and tells the others by line and field', async () => {
    const result = await imported(
      [
        '\ufeffPhone,First name,Email,time_zone,Favourite colour',
        '+12025550110,Ann Sample,ann@example.com,America/New_York,blue',
        'nonsense,B,,,',
        '(202) 555-0111,"Quoted, ""C""",,,red',
        '+12025550112,D,not-an-email,,',
        '+12025550113,E,,Nowhere/Land,',
        '',
        '+12025550114,too,few',
        '+12025550115,F,,,',
      ].join('\r\n'),
    );
    expect([result.created, result.updated, result.failed]).toEqual([3, 0, 4]);
    expect(result.errors.map(({ row, field, code, value }) => [row, field, code, value])).toEqual([
      [3, 'phone', 'phone_not_a_number', 'nonsense'],
      [5, 'email', 'email_invalid', 'not-an-email'],
      [6, 'time_zone', 'time_zone_invalid', 'Nowhere/Land'],
      [8, '', 'columns_missing', '+12025550114, too, few'],
    ]);
    expect(await contact('+12025550110')).toMatchObject({
      first_name: 'Ann Sample',
      time_zone: 'America/New_York',
      attributes: { favourite_colour: 'blue' },
    });
    expect(await contact('+12025550111')).toMatchObject({ first_name: 'Quoted, "C"' });
    const number = await api.inTx((tx) =>
      tx.selectFrom('numbers').selectAll().where('number', '=', '+12025550111').executeTakeFirst(),
    );
    expect(number).toBeDefined();
  });

  test('changes a known number; an empty cell changes nothing; a repeated one counts as a change', async () => {
    const result = await imported(
      'phone;first_name;city\n+12025550110;;Berlin\n+12025550116;New;\n+12025550116;Newer;Bonn\n',
    );
    expect([result.created, result.updated, result.failed]).toEqual([1, 2, 0]);
    expect(await contact('+12025550110')).toMatchObject({
      first_name: 'Ann Sample',
      attributes: { favourite_colour: 'blue', city: 'Berlin' },
    });
    expect(await contact('+12025550116')).toMatchObject({ first_name: 'Newer', attributes: { city: 'Bonn' } });
  });

  test('refuses what is no such file', async () => {
    const code = async (text: string, type?: string) => {
      const answer = await post(text, type);
      return [answer.status, z.object({ code: z.string() }).parse(answer.body).code];
    };
    expect(await code('name\nA')).toEqual([422, 'import_columns']);
    expect(await code('phone,phone\n1,2')).toEqual([422, 'import_columns']);
    expect(await code('')).toEqual([422, 'import_columns']);
    expect(await code('phone\n+12025550117', 'application/json')).toEqual([415, 'content_type']);
    expect(await code(`phone\n${'+12025550117,\n'.repeat(400_000)}`)).toEqual([413, 'body_too_large']);
    expect(await code(`phone\n${'1\n'.repeat(100_001)}`)).toEqual([422, 'import_too_many_rows']);
    const latin1 = await fetch(`${api.url}/api/v1/contacts/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.full}`, 'content-type': 'text/csv' },
      body: Buffer.from('phone,first_name\n+12025550117,J\xf6rg', 'latin1'),
    });
    expect(await latin1.json()).toMatchObject({ code: 'import_not_utf8' });
  });

  test('numbers rows as a spreadsheet does, line breaks inside quotes left out', async () => {
    const result = await imported(
      'phone,note\n+12025550160,"one\ntwo\n\nthree"\nnonsense,x\n+12025550161,"a\r\nb"\n\n+12025550162,"broken" x\nmore,y\n',
    );
    expect(result.errors.map(({ row, code, value }) => [row, code, value])).toEqual([
      [3, 'phone_not_a_number', 'nonsense'],
      [6, 'csv_invalid', '+12025550162,"broken" x'],
      [7, 'phone_not_a_number', 'more'],
    ]);
    expect(await contact('+12025550160')).toMatchObject({ attributes: { note: 'one\ntwo\n\nthree' } });
  });

  test('an unclosed quote loses its own line, not those before', async () => {
    const result = await imported('phone,first_name\n+12025550118,Fine\n+12025550119,"open\n');
    expect([result.created, result.failed]).toEqual([1, 1]);
    expect(result.errors[0]?.code).toBe('csv_invalid');
  });

  test('takes thousands of lines', async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `+1202${5_600_000 + index},Many ${index}`);
    const result = await imported(`phone,first_name\n${lines.join('\n')}`);
    expect([result.created, result.failed]).toEqual([5_000, 0]);
  });
});
