"""The panel of `/pullquote setup`: its menus, buttons and forms, and what they change."""
