import { describe, expect, it } from 'vitest';
import { refusedRows } from './refused-rows.ts';

describe('the refused rows of an import', () => {
  it('keeps each row as it was written and adds its problems', () => {
    const csv = '\uFEFFphone,note\r\n+12025550143,"two\nlines"\r\n123,"a, ""b"""\r\n';
    const errors = [{ row: 3, field: 'phone', message: 'Not a phone number' }];
    expect(refusedRows(csv, errors)).toBe('phone,note,problem\r\n123,"a, ""b""","phone: Not a phone number"\r\n');
  });

  it('joins several problems of one row', () => {
    const errors = [
      { row: 2, field: 'phone', message: 'Bad' },
      { row: 2, field: 'email', message: 'Bad too' },
    ];
    expect(refusedRows('phone,email\n1,2', errors)).toBe('phone,email,problem\r\n1,2,"phone: Bad; email: Bad too"\r\n');
  });

  it('finds the right rows behind line breaks inside quotes and empty lines', () => {
    const csv = 'phone;note\n1;"a\nb\n\nc"\n\nbad;"x\ny"\n2;z\n';
    expect(refusedRows(csv, [{ row: 4, field: 'phone', message: 'Bad' }])).toBe(
      'phone;note;problem\r\nbad;"x\ny";"phone: Bad"\r\n',
    );
  });
});
