export const deleted = {
  'deleted.title': 'Deleted people',
  'deleted.intro':
    'Deleted people can be taken back for 30 days, as they were. Then their numbers, names and words are erased for good.',
  'deleted.empty.title': 'Nobody was deleted',
  'deleted.empty.text':
    'When you delete people, from their page or from the list of people, they wait here for 30 days. You can take them back until then.',
  'deleted.head.deleted': 'Deleted',
  'deleted.head.erased': 'Erased on',
  'deleted.restore': 'Take back',
  'deleted.restore_of': 'Take back {name}',
  'deleted.restore_together': 'Take back all who were deleted together',
  'deleted.restored': { one: '{n} person is back', other: '{n} people are back' },
  'deleted.not_restored': {
    one: '{n} person stays deleted: somebody else has their number or external id now',
    other: '{n} people stay deleted: somebody else has their number or external id now',
  },
  'deleted.taken': 'Somebody else has this number or external id now',
  'deleted.more_of': 'More for {name}',
  'deleted.erase': 'Erase for good',
  'deleted.erase_of': 'Erase {name} for good?',
  'deleted.erase.text':
    'Their number, name and messages are gone at once, and nobody can bring them back. If their number opted out, it stays opted out.',
  'deleted.erased': '{name} was erased',
  'deleted.more': 'More for these people',
  'deleted.more_of_person': 'More for this person',
  'deleted.delete': { one: 'Delete {n} person', other: 'Delete {n} people' },
  'deleted.delete_one': 'Delete {name}',
  'deleted.text':
    'They leave every list and flow at once, and messages that wait for them are not sent. You can take them back for 30 days, then they are erased for good.',
  'deleted.text_one':
    'This person leaves every list and flow at once, and messages that wait for them are not sent. You can take them back for 30 days, then they are erased for good.',
  'deleted.done': { one: '{n} person was deleted', other: '{n} people were deleted' },
  'deleted.done_one': '{name} was deleted',
} as const;
