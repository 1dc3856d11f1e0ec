// Says at once when a file is too big, and shows how far the upload is. Without it the form works all the same.
const part = (name) => document.querySelector(`[data-upload-${name}]`);

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-limit-mb]")) return;
  const isTooBig = target.files[0]?.size > Number(target.dataset.limitMb) * 1024 * 1024;
  target.setCustomValidity(isTooBig ? target.dataset.tooBig : "");
  target.reportValidity();
});

document.addEventListener("htmx:beforeRequest", () => {
  part("failed").hidden = true;
  part("progress").hidden = false;
});

document.addEventListener("htmx:xhr:progress", ({ detail }) => {
  const bar = part("progress")?.querySelector("progress");
  if (!bar || !detail.lengthComputable) return;
  bar.value = (100 * detail.loaded) / detail.total;
});

// A page without the form is another page: the sign-in after a session that ended.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.serverResponse.includes('id="upload"')) return;
  event.preventDefault();
  window.location.assign(event.detail.xhr.responseURL);
});

for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, () => {
    part("progress").hidden = true;
    part("failed").hidden = false;
  });
}
