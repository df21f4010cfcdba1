import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../library/catalogue.gen.ts';
import { branch } from '../library/logic/branch.ts';
import { sendSms } from '../library/message/send-sms.ts';
import { configJsonSchema } from './json-schema.ts';

describe('config schemas', () => {
  it('carry the UI hints and leave defaults optional', () => {
    expect(configJsonSchema(sendSms)).toMatchObject({
      type: 'object',
      properties: {
        text: { default: '', ui: { control: 'message' } },
        purpose: { default: 'marketing', ui: { control: 'select' } },
      },
    });
  });

  it('are valid schemas of a bounded size', () => {
    for (const node of catalogue) {
      const schema = configJsonSchema(node);
      const ajv = new Ajv2020({ strict: false, validateFormats: false });
      expect(() => ajv.compile(schema)).not.toThrow();
      expect(JSON.stringify(schema).length).toBeLessThan(10_000);
    }
  });

  it('accept and refuse what the node does', () => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(configJsonSchema(branch));
    const config = (condition: unknown) => ({ branches: [{ id: 'a', label: 'A', condition }] });
    const yes = { field: 'reply.text', op: 'means_yes' };
    for (const condition of [
      yes,
      { all: [yes, { not: { any: [yes] } }] },
      { field: 'reply.text', op: 'is' },
      { all: [] },
      { any: [yes], all: [yes] },
    ]) {
      expect(validate(config(condition))).toBe(branch.config.safeParse(config(condition)).success);
    }
  });
});
