"use strict";

// Goes on as soon as something is chosen; programs that sign in press no button here.

const choice = document.forms.namedItem("method");

choice.addEventListener("change", () => {
  if (choice.elements.namedItem("method").value) {
    choice.submit();
  }
});
