// Lets the browser make a passkey or sign with one, and sends the answer with the form around it.
const form = document.querySelector("[data-passkey]");
const button = form?.querySelector("[data-passkey-button]");
const known = globalThis.PublicKeyCredential;

async function answered() {
  const options = JSON.parse(form.dataset.options);
  if (form.dataset.passkey === "create") {
    const publicKey = known.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = known.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey });
}

if (button && known?.parseRequestOptionsFromJSON) {
  button.hidden = false;
  form.querySelector("[data-passkey-without]")?.setAttribute("hidden", "");
  button.addEventListener("click", async () => {
    try {
      form.elements.credential.value = JSON.stringify((await answered()).toJSON());
      form.submit();
    } catch {
      form.querySelector("[data-passkey-failed]").hidden = false;
    }
  });
}
