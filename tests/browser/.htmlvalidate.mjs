export default {
  root: true,
  extends: ['html-validate:recommended'],
  rules: {
    // taste: browsers and the standard take both
    'doctype-style': 'off',
    // every button is in a form and sends it; there is no script that it could be for instead
    'no-implicit-button-type': 'off',
    // the queue's rows become a grid on narrow screens, and some browsers drop a table's roles with its display
    'no-redundant-role': 'off',
    // the queue's rows are chosen by boxes of one name
    'form-dup-name': ['error', { shared: ['radio', 'button', 'submit', 'reset', 'checkbox'] }],
    // numbers are kept in one line by the class .num, which leaves them easy to copy
    'tel-non-breaking': 'off',
    // an incident's title and a mail's subject are as long as somebody wrote them
    'long-title': 'off',
  },
};
