export const rules = {
  'rules.title': 'Compliance rules',
  'rules.intro':
    'Every message passes these rules, whichever way it is sent: once when it is queued and again when it is about to go out. This is no legal advice.',
  'rules.always': 'This rule always holds; there is nothing to set.',
  'rules.save': 'Save rule',
  'rules.saved': '{rule}: saved',
  'rules.changed_elsewhere': 'Someone else changed this rule. Your edits are still here.',
  'rules.save_again': 'Check the other fields, then save again.',
} as const;
