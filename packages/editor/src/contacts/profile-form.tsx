import type { Contact } from '@signalbox/engine/contacts/contract';
import type { AttributeValue } from '@signalbox/nodes/define/contact-fields';
import { shownCustomValue } from '@signalbox/nodes/define/custom-fields';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { ApiError, problemFrom, request } from '../lib/api.ts';
import { useContactFields } from '../lib/contact-fields.ts';
import { contactQuery, queryClient } from '../lib/queries.ts';
import { t } from '../lib/translate.ts';
import { CustomInput } from '../people/custom-input.tsx';
import { Button } from '../ui/button.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { isPlaced, notesAt, type Profile, ProfileFields, profileWith, toBody } from './profile-fields.tsx';
import { workedOut } from './worked-out.ts';

const profileOf = (contact: Contact): Profile => profileWith((name) => contact[name] ?? '');

function isContact(value: unknown): value is Contact {
  return typeof value === 'object' && value !== null && 'revision' in value && 'phone' in value;
}

/** The profile, saved with the revision it was read at: a change made elsewhere is not written over. */
export function ProfileForm({ contact }: { readonly contact: Contact }) {
  const form = useForm<Profile>({ defaultValues: profileOf(contact) });
  const fields = useContactFields();
  // Of the workspace's own fields, those that somebody is editing.
  const [edited, setEdited] = useState<Readonly<Record<string, AttributeValue>>>({});
  const { dirtyFields } = form.formState;
  const isDirty = form.formState.isDirty || Object.keys(edited).length > 0;
  // Changes from elsewhere fill in the fields that nobody is editing.
  useEffect(() => form.reset(profileOf(contact), { keepDirtyValues: true }), [contact, form]);
  const save = useMutation({
    mutationFn: (profile: Profile) => {
      const body = Object.fromEntries(
        Object.entries(toBody(profile)).filter(([field]) => Object.hasOwn(dirtyFields, field)),
      );
      const own = Object.keys(edited).length === 0 ? {} : { attributes: edited };
      return request<Contact>('PATCH', `/contacts/${contact.id}`, {
        body: { ...body, ...own },
        revision: contact.revision,
      });
    },
    onSuccess: (next) => {
      queryClient.setQueryData(contactQuery(contact.id).queryKey, next);
      void queryClient.invalidateQueries({ queryKey: ['contacts'] });
      form.reset(profileOf(next));
      setEdited({});
      toast.success(t('contact.saved'));
    },
    onError: (error) => {
      // The fields stay as they are typed; saving again writes them over the newer profile.
      if (error instanceof ApiError && error.problem.status === 412 && isContact(error.problem.current)) {
        queryClient.setQueryData(contactQuery(contact.id).queryKey, error.problem.current);
      }
    },
  });
  const problem = save.isError ? problemFrom(save.error) : null;
  const keys = fields.map(({ key }) => key);
  const facts = workedOut(contact);
  const attributes = Object.entries(contact.attributes).filter(([name]) => fields.every(({ key }) => key !== name));
  return (
    <form className="flex flex-col gap-4" noValidate onSubmit={form.handleSubmit((profile) => save.mutate(profile))}>
      {problem === null || isPlaced(problem, keys) ? null : (
        <div role="alert">
          <FieldProblem
            note={{
              severity: 'error',
              title: problem.status === 412 ? t('contact.changed_elsewhere') : `${problem.title}.`,
              action: problem.status === 412 ? t('contact.save_again') : problem.action,
            }}
          />
        </div>
      )}
      <ProfileFields register={form.register} control={form.control} problem={problem} withPhone={false} />
      {fields.length === 0 ? null : (
        <div className="grid gap-4 border-line border-t pt-4 sm:grid-cols-2">
          {fields.map((field) => (
            <CustomInput
              key={field.id}
              field={field}
              value={
                Object.hasOwn(edited, field.key) ? (edited[field.key] ?? null) : (contact.attributes[field.key] ?? null)
              }
              notes={notesAt(problem, field.key)}
              onChange={(value) => setEdited({ ...edited, [field.key]: value })}
            />
          ))}
        </div>
      )}
      {isDirty ? (
        <div className="flex gap-2">
          <Button kind="primary" type="submit" disabled={save.isPending}>
            {t('contact.save')}
          </Button>
          <Button
            onClick={() => {
              form.reset(profileOf(contact));
              setEdited({});
            }}
          >
            {t('action.discard')}
          </Button>
        </div>
      ) : null}
      {attributes.length === 0 && facts.length === 0 && fields.length === 0 ? (
        <p className="border-line border-t pt-4 text-ink-3 text-sm">{t('contact.no_attributes')}</p>
      ) : attributes.length === 0 && facts.length === 0 ? null : (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 border-line border-t pt-4 text-sm">
          {facts.map(([label, value]) => (
            <div key={label} className="contents">
              <dt className="text-ink-3">{label}</dt>
              <dd className="num text-right font-medium">{value}</dd>
            </div>
          ))}
          {attributes.map(([name, value]) => (
            <div key={name} className="contents">
              <dt dir="auto" className="truncate font-mono text-ink-3 text-xs leading-5">
                {name}
              </dt>
              <dd dir="auto" className="min-w-0 text-right [overflow-wrap:anywhere]">
                {shownCustomValue(value)}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </form>
  );
}
