// Sign-in page of a demonstration: a click on an account fills the form and sends it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fills-email]");
  if (!button) return;
  const email = document.getElementById("email");
  email.value = button.dataset.fillsEmail;
  document.getElementById("password").value = button.dataset.fillsPassword;
  email.form.requestSubmit();
});
