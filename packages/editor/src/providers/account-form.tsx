import type { Account, ProviderDescription } from '@signalbox/engine/accounts/contract';
import { useState } from 'react';
import type { JsonSchema } from '../flow-model/json-schema.ts';
import { problemFrom } from '../lib/api.ts';
import { fieldNotes, formNote } from '../lib/form-problems.ts';
import { readAmount, writtenAmount } from '../lib/micro-units.ts';
import { t } from '../lib/translate.ts';
import { Button } from '../ui/button.tsx';
import { Field, FormProblem } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Section } from '../ui/section.tsx';
import { Select } from '../ui/select.tsx';
import { AccountFields, type FieldValues, fieldNames, firstValues } from './account-fields.tsx';
import { useAccountChange } from './use-account-change.ts';

type Props = { readonly account: Account; readonly provider: ProviderDescription };
type Plain = {
  readonly name: string;
  readonly brand: string;
  readonly opt_out_handling: string;
  /** As it is written. */
  readonly warn_below: string;
};

const plainOf = ({ name, brand, opt_out_handling, warn_below }: Account): Plain => ({
  name,
  brand,
  opt_out_handling,
  warn_below: writtenAmount(warn_below),
});

/** The fields that are shown, and nothing where there is a secret. */
const fieldsOf = (account: Account, schema: JsonSchema): FieldValues => ({ ...firstValues(schema), ...account.fields });

/** What differs of two sets of values. */
function changed<V extends Readonly<Record<string, string>>>(now: V, before: V): Record<string, string> {
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => before[name] !== value));
}

/** Name, confirmations and credentials; what was changed is sent, and nothing else. */
export function AccountForm({ account, provider }: Props) {
  const schema: JsonSchema = provider.fields_schema;
  // Edits by field, over the account as it is now: a change made elsewhere shows in the fields that nobody is editing.
  const [plainEdits, setPlainEdits] = useState<Partial<Plain>>({});
  const [fieldEdits, setFieldEdits] = useState<FieldValues>({});
  const save = useAccountChange(account, () => t('account.saved'));
  const [stored, storedFields] = [plainOf(account), fieldsOf(account, schema)];
  const plain = { ...stored, ...plainEdits };
  const fields = { ...storedFields, ...fieldEdits };
  const changedPlain = changed(plain, stored);
  const changedFields = changed(fields, storedFields);
  const dirty = Object.keys(changedPlain).length + Object.keys(changedFields).length > 0;
  const problem = save.isError ? problemFrom(save.error) : null;
  const placed = [
    'name',
    'brand',
    'opt_out_handling',
    'warn_below',
    ...fieldNames(schema).map((name) => `fields.${name}`),
  ];
  const above = formNote(problem, placed, {
    title: t('account.changed_elsewhere'),
    action: t('account.save_again'),
  });
  const discard = () => {
    setPlainEdits({});
    setFieldEdits({});
  };
  const set = (name: keyof Plain, value: string) => setPlainEdits((edits) => ({ ...edits, [name]: value }));
  return (
    <form
      className="flex flex-col gap-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const given = Object.keys(changedFields).length > 0 ? { fields: changedFields } : {};
        const { warn_below: amount } = changedPlain;
        const limit = amount === undefined ? {} : { warn_below: readAmount(amount) };
        save.mutate({ method: 'PATCH', body: { ...changedPlain, ...limit, ...given } }, { onSuccess: discard });
      }}
    >
      <Section title={t('account.details')}>
        <div className="flex flex-col gap-4">
          <Field
            id="account-name"
            label={t('connect.name')}
            help={t('connect.name.help')}
            notes={fieldNotes(problem, 'name')}
          >
            <Input
              id="account-name"
              value={plain.name}
              maxLength={80}
              autoComplete="off"
              aria-describedby="account-name-help account-name-problems"
              onChange={(event) => set('name', event.target.value)}
            />
          </Field>
          <Field id="account-opt-outs" label={t('account.opt_outs')} notes={fieldNotes(problem, 'opt_out_handling')}>
            <Select
              id="account-opt-outs"
              label={t('account.opt_outs')}
              value={plain.opt_out_handling}
              choices={[
                {
                  value: 'carrier',
                  label: t('account.opt_outs.carrier'),
                  help: t('account.opt_outs.carrier.help'),
                },
                {
                  value: 'signalbox',
                  label: t('account.opt_outs.signalbox'),
                  help: t('account.opt_outs.signalbox.help'),
                },
              ]}
              onChange={(value) => set('opt_out_handling', value)}
            />
          </Field>
          <Field
            id="account-brand"
            label={t('account.brand')}
            help={t('account.brand.help')}
            notes={fieldNotes(problem, 'brand')}
          >
            <Input
              id="account-brand"
              value={plain.brand}
              maxLength={60}
              autoComplete="organization"
              aria-describedby="account-brand-help account-brand-problems"
              onChange={(event) => set('brand', event.target.value)}
            />
          </Field>
          <Field
            id="account-warn-below"
            label={t('account.warn_below')}
            help={t('account.warn_below.help')}
            notes={fieldNotes(problem, 'warn_below')}
          >
            <Input
              id="account-warn-below"
              value={plain.warn_below}
              maxLength={20}
              inputMode="decimal"
              autoComplete="off"
              className="num"
              aria-invalid={fieldNotes(problem, 'warn_below').length > 0 || undefined}
              aria-describedby="account-warn-below-help account-warn-below-problems"
              onChange={(event) => set('warn_below', event.target.value)}
            />
          </Field>
        </div>
      </Section>
      <Section title={t('account.credentials')} text={t('account.credentials.text', { provider: provider.title })}>
        <div className="flex flex-col gap-4">
          <AccountFields
            id="account"
            schema={schema}
            secrets={provider.secrets}
            values={fields}
            onChange={(values) => setFieldEdits(changed(values, storedFields))}
            problem={problem}
            prefix="fields."
            keepsSecrets
          />
        </div>
      </Section>
      <FormProblem note={above} />
      <div className="flex gap-2 pb-6">
        <Button kind="primary" type="submit" disabled={!dirty || save.isPending}>
          {t('account.save')}
        </Button>
        {dirty ? <Button onClick={discard}>{t('action.discard')}</Button> : null}
      </div>
    </form>
  );
}
