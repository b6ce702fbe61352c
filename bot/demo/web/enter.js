// Runs before SimCord's own script: takes the key of this start, so that the plain address opens the page, and a tab
// from an earlier start works again after a reload.
{
  const key = document.querySelector('meta[name="demo-key"]').content;
  if (location.hash !== `#${key}`) history.replaceState(null, "", `#${key}`);
}
