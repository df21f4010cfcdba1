import type { Contact, CreateContact } from '@signalbox/engine/contacts/contract';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { problemFrom, request } from '../lib/api.ts';
import { queryClient } from '../lib/queries.ts';
import { randomId } from '../lib/random-id.ts';
import { t } from '../lib/translate.ts';
import { nameOf } from '../people/names.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FieldProblem } from '../ui/field.tsx';
import { isPlaced, type Profile, ProfileFields, profileWith, toBody } from './profile-fields.tsx';

/** Adds one person; what the server objects to stands at the field. */
export function AddContactDialog({ onClose }: { readonly onClose: () => void }) {
  const navigate = useNavigate();
  const form = useForm<Profile>({
    defaultValues: profileWith(() => ''),
  });
  const add = useMutation({
    mutationFn: (profile: Profile) => {
      const body: CreateContact = { phone: profile.phone.trim(), ...toBody(profile) };
      return request<Contact>('POST', '/contacts', { body, idempotencyKey: randomId() });
    },
    onSuccess: (contact) => {
      void queryClient.invalidateQueries({ queryKey: ['contacts'] });
      toast.success(t('contacts.added', { name: nameOf(contact) }), {
        action: {
          label: t('contacts.open'),
          onClick: () => void navigate({ to: '/contacts/$contactId', params: { contactId: contact.id } }),
        },
      });
      onClose();
    },
  });
  const problem = add.isError ? problemFrom(add.error) : null;
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={t('contacts.add')}>
      <form className="flex flex-col gap-4" onSubmit={form.handleSubmit((profile) => add.mutate(profile))} noValidate>
        {problem !== null && !isPlaced(problem) ? (
          <div role="alert">
            <FieldProblem note={{ severity: 'error', title: `${problem.title}.`, action: problem.action }} />
          </div>
        ) : null}
        <ProfileFields register={form.register} control={form.control} problem={problem} withPhone />
        <div className="flex justify-end gap-2 pt-1 pb-1">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" type="submit" disabled={add.isPending}>
            {t('contacts.add')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
