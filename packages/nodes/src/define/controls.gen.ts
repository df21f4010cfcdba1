// Generated from `packages/editor/src/forms/*.control.tsx` by `pnpm catalogue`. Do not edit.
/** The controls of the editor: the shapes that each draws, and what a field holds that nobody has filled in yet. */
export const controls = {
  "assignments": {"draws":["list of {field, value}"],"blank":[{"field":"","value":""}]},
  "branches": {"draws":["list of {condition, id, label}"],"blank":[{"id":"yes","label":"Yes","condition":{"field":"reply.text","op":"means_yes"}}]},
  "caps": {"draws":["list of {hours, messages}"],"blank":[{"messages":4,"hours":168}]},
  "condition": {"draws":["condition"],"blank":{"field":"contact.first_name","op":"is_set"}},
  "countries": {"draws":["list of text"],"blank":null},
  "duration": {"draws":["{amount, unit}"],"blank":{"amount":2,"unit":"days"}},
  "entries": {"draws":["list of text"],"blank":null},
  "keywords": {"draws":["list of text"],"blank":null},
  "limits": {"draws":["list of {amount, at_limit, period, scope, subject}"],"blank":[{"scope":"workspace","subject":"","period":"month","amount":100000000,"at_limit":"hold"}]},
  "message": {"draws":["text"],"blank":null},
  "money": {"draws":["number"],"blank":null},
  "multiline": {"draws":["text"],"blank":null},
  "number": {"draws":["number"],"blank":null},
  "select": {"draws":["choice"],"blank":null},
  "senders": {"draws":["list of text"],"blank":null},
  "shares": {"draws":["list of {id, label, percent}"],"blank":[{"id":"share_1","label":"A","percent":50},{"id":"share_2","label":"B","percent":50}]},
  "text": {"draws":["text"],"blank":null},
  "toggle": {"draws":["yes or no"],"blank":null},
  "week-hours": {"draws":["list of {days, from, to}"],"blank":[{"days":[1,2,3,4,5],"from":"09:00","to":"17:00"}]},
  "weights": {"draws":["numbers by name"],"blank":null},
} as const;
