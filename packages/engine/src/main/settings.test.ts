import { describe, expect, test } from 'vitest';
import { describeSettings, readSettings, SettingsError } from './settings.ts';

const least = {
  DATABASE_URL: 'postgres://app:secret-word@127.0.0.1:5432/signalbox',
  DATABASE_ROUTER_URL: 'postgres://router:secret-word@127.0.0.1:5432/signalbox',
  SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
};

describe('settings', () => {
  test('have defaults for everything but addresses and the key', () => {
    const settings = readSettings(least);
    expect(settings.publicUrl).toBe('http://127.0.0.1:4600');
    expect(settings.ROLES).toEqual(['api', 'worker']);
    expect(settings.dispatch.leaseMs).toBeGreaterThan(settings.dispatch.httpTimeoutMs);
  });

  test('name every error at once and show no value', () => {
    const read = () =>
      readSettings({
        DATABASE_URL: 'secret-word',
        SECRETS_KEY: 'c2hvcnQ=',
        PORT: '70000',
        ROLES: 'api,cook',
        DISPATCH_LEASE_MS: '5',
      });
    expect(read).toThrow(SettingsError);
    try {
      read();
    } catch (error) {
      const message = error instanceof Error ? error.message : '';
      for (const name of ['DATABASE_URL', 'DATABASE_ROUTER_URL', 'SECRETS_KEY', 'PORT', 'ROLES', 'DISPATCH_LEASE_MS'])
        expect(message).toContain(name);
      expect(message).toContain('DATABASE_ROUTER_URL: is not set');
      expect(message).not.toContain('secret-word');
    }
  });

  test('refuse a lease that ends before an HTTP request can', () => {
    expect(() => readSettings({ ...least, DISPATCH_LEASE_MS: '5000' })).toThrow('DISPATCH_LEASE_MS');
  });

  test('refuse a worker that does not know where the API is', () => {
    expect(() => readSettings({ ...least, ROLES: 'worker' })).toThrow('PUBLIC_URL');
    const publicUrl = 'http://127.0.0.1:4600';
    expect(readSettings({ ...least, ROLES: 'worker', PUBLIC_URL: publicUrl }).publicUrl).toBe(publicUrl);
  });

  test('refuse to serve beyond this machine without encryption, unless asked to', () => {
    const exposed = [
      { HOST: '0.0.0.0' },
      { HOST: '192.0.2.7' },
      { HOST: '::' },
      { PUBLIC_URL: 'http://sms.example.com' },
      { HOST: '0.0.0.0', PUBLIC_URL: 'http://127.0.0.1:4600' },
      { ROLES: 'worker', HOST: '0.0.0.0', PUBLIC_URL: 'http://sms.example.com' },
    ];
    for (const env of exposed) {
      expect(() => readSettings({ ...least, ...env }), JSON.stringify(env)).toThrow('ALLOW_PLAIN_HTTP');
      expect(readSettings({ ...least, ...env, ALLOW_PLAIN_HTTP: 'on' }).HOST).toBe(env.HOST ?? '127.0.0.1');
    }
    for (const env of [
      { HOST: 'localhost' },
      { HOST: '::1' },
      { HOST: '0.0.0.0', PUBLIC_URL: 'https://sms.example.com' },
    ])
      readSettings({ ...least, ...env });
  });

  test('take a relay for mails with whom they are from, and neither alone', () => {
    const relay = { SMTP_URL: 'smtps://user:secret-word@mail.example.com' };
    const from = { MAIL_FROM: 'Signalbox <signalbox@example.com>' };
    expect(() => readSettings({ ...least, ...relay })).toThrow('MAIL_FROM: is needed with SMTP_URL');
    expect(() => readSettings({ ...least, ...from })).toThrow('SMTP_URL: is needed with MAIL_FROM');
    expect(() => readSettings({ ...least, ...from, SMTP_URL: 'mail.example.com' })).toThrow('SMTP_URL: must be');
    for (const MAIL_FROM of ['Signalbox', 'a@b@c', 'Signalbox <a@example.com>\nBcc: b@example.com'])
      expect(() => readSettings({ ...least, ...relay, MAIL_FROM }), MAIL_FROM).toThrow('MAIL_FROM: must be');
    expect(readSettings({ ...least, ...relay, ...from })).toMatchObject({ ...relay, ...from });
    expect(readSettings({ ...least, ...relay, MAIL_FROM: 'signalbox@example.com' }).MAIL_FROM).toBe(
      'signalbox@example.com',
    );
  });

  test('know no way to arm a crash point', () => {
    expect(describeSettings().map((setting) => setting.name)).not.toContain('FAIL_POINT');
  });

  test('take an empty value for none, and cut the slash off the public address', () => {
    expect(readSettings({ ...least, PORT: '', PUBLIC_URL: 'https://sms.example.com/' }).publicUrl).toBe(
      'https://sms.example.com',
    );
  });

  test('say of each what it is for, and which are secret', () => {
    const all = describeSettings();
    expect(all.every((setting) => setting.description.length > 10)).toBe(true);
    expect(all.filter((setting) => setting.secret).map((setting) => setting.name)).toContain('SECRETS_KEY');
    expect(all.find((setting) => setting.name === 'PORT')?.preset).toBe('4600');
  });
});
