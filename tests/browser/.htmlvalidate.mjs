export default {
  root: true,
  extends: ['html-validate:recommended'],
  rules: {
    // a matter of style: browsers and the standard accept both
    'doctype-style': 'off',
    // every button is in a form and submits it
    'no-implicit-button-type': 'off',
    // table rows become a grid on narrow screens, and some browsers drop the table roles then
    'no-redundant-role': 'off',
    // the checkboxes of the queue share one name
    'form-dup-name': ['error', { shared: ['radio', 'button', 'submit', 'reset', 'checkbox'] }],
    // the class .num keeps numbers on one line and easy to copy
    'tel-non-breaking': 'off',
    // titles contain incident titles and mail subjects of any length
    'long-title': 'off',
  },
};
