"use strict";

// Waits for the answer to a notification, and asks for another one.

const form = document.forms.namedItem("notification");

function go(step) {
  form.querySelector("input[name=step]").value = step;
  form.submit();
}

function resendNotification() {
  go("resend");
}

async function look() {
  try {
    const reply = await fetch(form.dataset.pending, { cache: "no-store" });
    if (reply.status === 429) {
      return;
    }
    if (!reply.ok || (await reply.text()) !== "waiting") {
      clearInterval(looking);
      go("answered");
    }
  } catch {
    // The desk is busy or gone; the next look tells.
  }
}

const looking = setInterval(look, 1000);
