// Passkeys: the browser asks its person, the form carries the answer. Everything else on these pages works without.
"use strict";

const saved = document.getElementById("passkey-options");

async function options(form) {
  if (!form.dataset.options) return JSON.parse(saved.textContent).publicKey;
  const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("The server does not answer. Reload the page.");
  return (await answer.json()).request_options.publicKey;
}

async function ask(form) {
  const wanted = await options(form);
  if (form.dataset.passkey === "get") {
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(wanted) });
  }
  const alone = form.elements.passwordless;
  if (alone && alone.checked) {
    wanted.authenticatorSelection = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
  }
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(wanted) });
}

function tell(form, text) {
  const place = form.querySelector("[role=alert]");
  place.textContent = text;
  place.hidden = !text;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button[type=button]");
  if (!window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) {
    button.disabled = true;
    tell(form, "This browser offers no passkeys here.");
    continue;
  }
  button.addEventListener("click", async () => {
    tell(form, "");
    try {
      const credential = await ask(form);
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch (error) {
      tell(form, error.name === "NotAllowedError" ? "Nothing was chosen, or it took too long." : error.message);
    }
  });
}
