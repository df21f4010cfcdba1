import { type Account, type AccountInput, accountSchema, type BusinessNumber, numbersOf } from './accounts.ts';
import { dialects } from './dialects/catalogue.gen.ts';
import type { ApiRequest, Dialect } from './dialects/define-dialect.ts';

const byName = new Map(dialects.map((dialect) => [dialect.name, dialect]));

const parsedSchema = accountSchema.check(({ value, issues }) => {
  const refuse = (path: string, message: string) =>
    void issues.push({ code: 'custom', input: value, path: [path], message });
  const dialect = byName.get(value.dialect);
  if (dialect === undefined) {
    refuse('dialect', `must be one of ${[...byName.keys()].join(', ')}`);
    return;
  }
  if (!dialect.accountId.test(value.sid)) refuse('sid', `must match ${dialect.accountId.source}`);
  for (const name of dialect.credentials)
    if (value.credentials[name] === undefined) refuse('credentials', `must have ${name}`);
});

/** Fills in defaults. Throws zod's error for an account that makes no sense. */
export function parseAccount(input: AccountInput): Account {
  return parsedSchema.parse(input);
}

/** The API that an account's owner speaks. @throws Error where the carrier does not speak it. */
export function dialectOf({ dialect: name }: Pick<Account, 'dialect'>): Dialect {
  const dialect = byName.get(name);
  if (dialect === undefined) throw new Error(`The carrier does not speak ${name}.`);
  return dialect;
}

/** Accounts at two providers may have one id. */
type AccountId = Pick<Account, 'dialect' | 'sid'>;
const idOf = ({ dialect, sid }: AccountId): string => `${dialect} ${sid}`;

/** The accounts by everything they are looked up with. */
export class AccountBook {
  readonly #all = new Map<string, Account>();
  #byKey = new Map<string, Account>();
  #byNumber = new Map<string, BusinessNumber>();

  set(account: Account): void {
    this.#all.set(idOf(account), account);
    this.#index();
  }

  remove(account: AccountId): boolean {
    const removed = this.#all.delete(idOf(account));
    this.#index();
    return removed;
  }

  #index(): void {
    this.#byKey = new Map();
    this.#byNumber = new Map();
    for (const account of this.#all.values()) {
      this.#byKey.set(`${account.dialect} ${dialectOf(account).key(account)}`, account);
      for (const number of numbersOf(account)) {
        // A name may be several accounts'; whoever takes texts at a number goes before whoever only sends from it.
        const takesTexts = (this.#byNumber.get(number.number)?.smsUrl ?? null) !== null;
        if (number.smsUrl !== null || !takesTexts) this.#byNumber.set(number.number, number);
      }
    }
  }

  get(account: AccountId): Account | undefined {
    return this.#all.get(idOf(account));
  }

  /** The account that a request says it comes from. */
  callerOf(dialect: Dialect, request: ApiRequest): Account | undefined {
    const caller = dialect.caller(request);
    return caller === null ? undefined : this.#byKey.get(`${dialect.name} ${caller}`);
  }

  /** A number as the phones know it. */
  number(number: string): BusinessNumber | undefined {
    return this.#byNumber.get(number);
  }

  all(): Account[] {
    return [...this.#all.values()];
  }

  numbers(): BusinessNumber[] {
    return [...this.#byNumber.values()];
  }
}
